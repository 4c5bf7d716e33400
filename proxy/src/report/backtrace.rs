//! Walks the guest's stack: [`addresses`]. The stack may be nonsense; what is read of it is checked, and the
//! walk ends.

use crate::image::Image;
use crate::memory::GuestMemory;
use abi::trap::TrapFrame;
use framehop::x86_64::{CacheX86_64, UnwindRegsX86_64, UnwinderX86_64};
use framehop::{ExplicitModuleSectionInfo, Module, Unwinder};
use object::read::elf::ElfFile64;
use object::{LittleEndian, Object, ObjectSection};

/// Longest backtrace, in frames.
const MAX_FRAMES: usize = 256;

/// Addresses of the instructions from the innermost frame on: the interrupted one, then those of the calls.
pub fn addresses(frame: &TrapFrame, contents: &'static [u8], memory: &GuestMemory) -> Vec<u64> {
    let mut found = vec![frame.rip];
    let Ok(image) = Image::parse(contents) else { return found };
    let is_code = |address: u64| image.is_code(address);
    let mut unwinder = UnwinderX86_64::new();
    if let Some(module) = module(&image, contents) {
        unwinder.add_module(module);
    }
    let mut cache = CacheX86_64::<_>::new();
    let mut read_stack = |address| memory.read::<u64>(address).map_err(|_| ());
    // A call through a wild pointer: what called it is on top of the stack.
    let (mut rip, mut rsp) = (frame.rip, frame.rsp);
    if !is_code(rip)
        && let Ok(caller) = read_stack(rsp)
    {
        (rip, rsp) = (caller, rsp.wrapping_add(8));
        found.push(rip.wrapping_sub(1));
    }
    let registers = UnwindRegsX86_64::new(rip, rsp, frame.rbp);
    let mut frames = unwinder.iter_frames(rip, registers, &mut cache, &mut read_stack);
    // The first is where we start.
    let _ = frames.next();
    while let Ok(Some(next)) = frames.next() {
        let address = next.address_for_lookup();
        if !is_code(address) || found.len() == MAX_FRAMES {
            break;
        }
        found.push(address);
    }
    found
}

fn module(image: &Image, contents: &'static [u8]) -> Option<Module<&'static [u8]>> {
    let file = ElfFile64::<LittleEndian>::parse(contents).ok()?;
    let section = |name: &str| {
        let section = file.section_by_name(name)?;
        let range = section.address()..section.address().checked_add(section.size())?;
        Some((range, section.data().ok()?))
    };
    let text = section(".text");
    let (eh_frame, header) = (section(".eh_frame"), section(".eh_frame_hdr"));
    let info = ExplicitModuleSectionInfo {
        base_svma: 0,
        text_svma: text.as_ref().map(|(range, _)| range.clone()),
        text: text.map(|(_, data)| data),
        eh_frame_svma: eh_frame.as_ref().map(|(range, _)| range.clone()),
        eh_frame: eh_frame.map(|(_, data)| data),
        eh_frame_hdr_svma: header.as_ref().map(|(range, _)| range.clone()),
        eh_frame_hdr: header.map(|(_, data)| data),
        ..Default::default()
    };
    Some(Module::new("image".into(), abi::layout::IMAGE_BASE..image.end(), 0, info))
}
