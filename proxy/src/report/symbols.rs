//! Names addresses: [`Symbols`]. With debug information: function, file and line, inlined calls included;
//! with a symbol table: function and offset; stripped: the bare address.

use addr2line::{Context, demangle_auto};
use core::fmt::{self, Write};
use gimli::{EndianSlice, LittleEndian as GimliLittleEndian};
use object::read::elf::ElfFile64;
use object::{LittleEndian, Object, ObjectSection, SymbolMap, SymbolMapName};
use std::borrow::Cow;

type Slice = EndianSlice<'static, GimliLittleEndian>;

/// What the image says of its addresses.
pub struct Symbols {
    names: SymbolMap<SymbolMapName<'static>>,
    lines: Option<Context<Slice>>,
}

impl Symbols {
    /// Reads the symbols of the image file `contents`, as far as they are there and in order.
    pub fn of(contents: &'static [u8]) -> Self {
        match ElfFile64::<LittleEndian>::parse(contents) {
            Ok(file) => Self { names: file.symbol_map(), lines: lines(&file) },
            Err(_) => Self { names: SymbolMap::new(Vec::new()), lines: None },
        }
    }

    /// Writes the lines for frame number `index` at `address`.
    pub fn write(&self, to: &mut String, index: usize, address: u64) -> fmt::Result {
        write!(to, "  {index:>3}  {address:#014x}")?;
        if self.write_lines(to, address)? {
            return Ok(());
        }
        match self.names.before(address) {
            Some(symbol) => {
                let name = demangle_auto(Cow::Borrowed(symbol.name()), None);
                writeln!(to, "  {name}+{:#x}", address - symbol.address())
            }
            None => writeln!(to),
        }
    }

    /// By debug information: a line for the function, and one for each that it is inlined into. False: there
    /// is none.
    fn write_lines(&self, to: &mut String, address: u64) -> Result<bool, fmt::Error> {
        let Some(lines) = &self.lines else { return Ok(false) };
        let Ok(mut frames) = lines.find_frames(address).skip_all_loads() else { return Ok(false) };
        let mut written = false;
        while let Ok(Some(frame)) = frames.next() {
            let Some(function) = &frame.function else { break };
            let name = function.demangle().unwrap_or(Cow::Borrowed("?"));
            if written {
                write!(to, "       {:14}", "  (inlined)")?;
            }
            write!(to, "  {name}")?;
            if let Some(location) = &frame.location
                && let (Some(file), Some(line)) = (location.file, location.line)
            {
                write!(to, " at {file}:{line}")?;
            }
            writeln!(to)?;
            written = true;
        }
        Ok(written)
    }
}

fn lines(file: &ElfFile64<'static, LittleEndian>) -> Option<Context<Slice>> {
    let section = |id: gimli::SectionId| -> Result<Slice, gimli::Error> {
        let data =
            file.section_by_name(id.name()).and_then(|section| section.data().ok()).unwrap_or_default();
        Ok(EndianSlice::new(data, GimliLittleEndian))
    };
    gimli::Dwarf::load(section).ok().and_then(|dwarf| Context::from_dwarf(dwarf).ok())
}
