//! Allocating, releasing, and finding what is allocated.

use super::*;
use PageState::{Dirty, Zero};

const P: u64 = PAGE_SIZE;

fn pages(count: u64) -> Extents {
    let mut extents = Extents::new();
    extents.add_managed(16 * P, count * P, Zero);
    extents
}

fn taken(extents: &mut Extents, count: u64, align: u64) -> Option<(u64, u64)> {
    let mut dirty = 0;
    let start = extents
        .allocate(count * P, align, 0, |_, len, state| dirty += if state == Zero { 0 } else { len })?;
    Some((start, dirty / P))
}

#[test]
fn allocated_stretches_are_found() {
    let mut extents = pages(64);
    extents.add_managed(200 * P, 8 * P, Zero);
    let all = |extents: &Extents, start: u64, end: u64| {
        let (mut from, mut found) = (start * P, Vec::new());
        while let Some(stretch) = extents.first_allocated(from, end * P) {
            from = stretch.end;
            found.push((stretch.start / P, stretch.end / P));
        }
        found
    };
    assert_eq!(all(&extents, 0, 300), []);
    for (start, count) in [(16, 2), (20, 1), (30, 4), (206, 2)] {
        extents.allocate_at(start * P, count * P, |_, _, _| {}).unwrap();
    }
    assert_eq!(all(&extents, 0, 300), [(16, 18), (20, 21), (30, 34), (206, 208)]);
    assert_eq!(all(&extents, 17, 32), [(17, 18), (20, 21), (30, 32)]);
    assert_eq!(all(&extents, 18, 20), []);
    assert_eq!(all(&extents, 20, 21), [(20, 21)]);
    assert_eq!(all(&extents, 207, 300), [(207, 208)]);
    extents.release(20 * P, P, Dirty).unwrap();
    assert_eq!(all(&extents, 0, 64), [(16, 18), (30, 34)]);
}

#[test]
fn all_of_a_managed_range_may_be_allocated() {
    let mut extents = pages(8);
    extents.add_managed(48 * P, 2 * P, Zero);
    for (start, count) in [(16, 1), (19, 2), (48, 2)] {
        extents.allocate_at(start * P, count * P, |_, _, _| {}).unwrap();
    }
    let all = |from: u64| extents.first_allocated(from, u64::MAX).map(|part| (part.start / P, part.end / P));
    assert_eq!([0, 17 * P, 21 * P, 50 * P].map(all), [Some((16, 17)), Some((19, 21)), Some((48, 50)), None]);
}

#[test]
fn first_fit_and_alignment() {
    let mut extents = pages(64);
    assert_eq!(taken(&mut extents, 1, P), Some((16 * P, 0)));
    assert_eq!(taken(&mut extents, 4, 16 * P), Some((32 * P, 0)));
    assert_eq!(taken(&mut extents, 2, P), Some((17 * P, 0)));
    assert_eq!(taken(&mut extents, 64, P), None);
    assert_eq!(extents.free_bytes(), 57 * P);
}

#[test]
fn memory_that_comes_later_continues_what_was_there() {
    let mut extents = pages(8);
    taken(&mut extents, 6, P);
    assert_eq!(taken(&mut extents, 4, P), None);
    for more in 0..2 * NR_MANAGED as u64 {
        extents.add_managed((24 + more) * P, P, Zero);
    }
    assert_eq!(taken(&mut extents, 4, P), Some((22 * P, 0)), "across the border");
    assert!(extents.is_allocated(16 * P, 10 * P));
    assert_eq!(extents.free_bytes(), (8 + 16 - 10) * P);
}

#[test]
fn from_an_address_on_or_else_anywhere() {
    let mut extents = pages(64);
    let mut from = |count: u64, lowest| extents.allocate(count * P, P, lowest, |_, _, _| {});
    assert_eq!(from(8, 64 * P), Some(64 * P));
    assert_eq!(from(8, 64 * P), Some(72 * P));
    assert_eq!(from(8, 64 * P), Some(16 * P), "nothing is left up there");
}

#[test]
fn counts_what_the_host_still_keeps() {
    let mut extents = pages(8);
    taken(&mut extents, 8, P);
    extents.release(16 * P, 2 * P, Dirty).unwrap();
    extents.release(18 * P, 2 * P, Zero).unwrap();
    extents.release(20 * P, 2 * P, PageState::Forbidden).unwrap();
    assert_eq!(extents.used_bytes(), 4 * P);
    assert_eq!(taken(&mut extents, 3, P), Some((16 * P, 2)));
    assert_eq!(extents.used_bytes(), 2 * P);
}

#[test]
fn freed_memory_is_dirty_unless_the_host_cleared_it() {
    let mut extents = pages(8);
    assert_eq!(taken(&mut extents, 4, P), Some((16 * P, 0)));
    extents.release(16 * P, 2 * P, Dirty).unwrap();
    extents.release(18 * P, 2 * P, Zero).unwrap();
    assert_eq!(taken(&mut extents, 8, P), Some((16 * P, 2)), "spans all three extents, two pages are dirty");
}

#[test]
fn places_are_taken_if_they_are_free() {
    let mut extents = pages(10);
    let taken = |extents: &mut Extents, start: u64, count: u64| {
        extents.allocate_at(start * P, count * P, |_, _, _| {}).is_some()
    };
    assert!(taken(&mut extents, 18, 2));
    assert!(!taken(&mut extents, 17, 2), "its second page is taken");
    assert!(!taken(&mut extents, 19, 2), "its first page is taken");
    assert!(!taken(&mut extents, 25, 2), "it ends behind everything");
    assert!(!taken(&mut extents, 15, 2), "it begins before everything");
    extents.release(18 * P, P, Dirty).unwrap();
    assert!(taken(&mut extents, 17, 2), "two extents that touch");
    assert_eq!(extents.free_bytes(), 7 * P);
}

#[test]
fn only_what_is_allocated_can_be_released() {
    let mut extents = pages(8);
    assert_eq!(extents.release(16 * P, P, Dirty), Err(NotAllocated));
    assert_eq!(taken(&mut extents, 2, P), Some((16 * P, 0)));
    assert_eq!(extents.release(17 * P, 2 * P, Dirty), Err(NotAllocated), "half of it is free");
    assert_eq!(extents.release(15 * P, 2 * P, Dirty), Err(NotAllocated), "half of it is not managed");
    extents.release(16 * P, 2 * P, Dirty).unwrap();
    assert_eq!(extents.release(16 * P, 2 * P, Dirty), Err(NotAllocated), "double free");
}

#[test]
fn random_use_against_a_bitmap() {
    // Real memory, because the array moves into it.
    let memory = vec![0u8; (1024 * P) as usize];
    let base = (memory.as_ptr() as u64).next_multiple_of(P);
    let mut extents = Extents::new();
    extents.add_managed(base, 1023 * P, Dirty);
    let mut held: Vec<(u64, u64)> = Vec::new();
    let mut seed = 12345u64;
    let mut random = |limit: u64| {
        seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (seed >> 33) % limit
    };
    for _ in 0..20_000 {
        if random(5) < 3 {
            let len = 1 + random(3);
            if let Some(start) = extents.allocate(len * P, P, 0, |_, _, _| {}) {
                assert!(held.iter().all(|&(s, l)| start + len * P <= s || s + l * P <= start), "overlap");
                held.push((start, len));
            }
        } else if !held.is_empty() {
            let (start, len) = held.swap_remove(random(held.len() as u64) as usize);
            extents.release(start, len * P, if random(2) == 0 { Dirty } else { Zero }).unwrap();
        }
    }
    for (start, len) in held {
        extents.release(start, len * P, Dirty).unwrap();
    }
    let array = extents.moved.as_ref().map_or(0, |slots| (size_of_val(*slots) as u64).next_multiple_of(P));
    assert!(array > 0, "the array must have moved for this test to mean something");
    assert_eq!(extents.free_bytes() + array, 1023 * P);
    assert!(extents.list().is_sorted_by_key(|extent| extent.start));
}

#[test]
fn the_highest_piece_and_the_first_free_one() {
    let mut extents = pages(8);
    extents.allocate_at(20 * P, 2 * P, |_, _, _| {}).unwrap();
    let free = |extents: &Extents, from: u64, end: u64| {
        extents.first_free(from * P, end * P).map(|free| (free.start / P, free.end / P))
    };
    assert_eq!(free(&extents, 0, 100), Some((16, 20)));
    assert_eq!(
        [free(&extents, 18, 19), free(&extents, 20, 22), free(&extents, 20, 23)],
        [Some((18, 19)), None, Some((22, 23))]
    );
    assert_eq!(extents.allocate_highest(P), Some((23 * P, P)));
    assert_eq!(extents.allocate_highest(9 * P), Some((22 * P, P)), "no more than one piece");
    assert_eq!(extents.allocate_highest(9 * P), Some((16 * P, 4 * P)));
    assert_eq!(extents.allocate_highest(P), None);
}

#[test]
fn an_array_of_lent_pages() {
    fn take(len_bytes: u64) -> Option<u64> {
        let layout = std::alloc::Layout::from_size_align(len_bytes as usize, P as usize).ok()?;
        // SAFETY: a non-zero size. Leaked: a test's arrays are small.
        Some(unsafe { std::alloc::alloc_zeroed(layout) } as u64)
    }
    let mut extents = Extents::of_addresses(Lender { take, give_back: |_, _| {} });
    extents.add_managed(1 << 40, 1 << 40, Zero);
    for page in 0..1000 {
        assert!(extents.has_room());
        extents.allocate_at((1 << 40) + 2 * page * P, P, |_, _, _| {}).unwrap();
    }
    assert_eq!(extents.free_bytes(), (1 << 40) - 1000 * P, "the array takes nothing of it");
    let mut poor = Extents::of_addresses(Lender { take: |_| None, give_back: |_, _| {} });
    poor.add_managed(1 << 40, 1 << 40, Zero);
    let taken = (0..1000).take_while(|page| {
        poor.has_room() && poor.allocate_at((1 << 40) + 2 * page * P, P, |_, _, _| {}).is_some()
    });
    assert!((10..NR_INITIAL).contains(&taken.count()));
}
