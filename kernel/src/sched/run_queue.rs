//! What waits for a core: 32 priorities, first come first served inside one. Pure logic.

use alloc::boxed::Box;
use alloc::collections::VecDeque;

use super::task::Priority;

/// Where a thread goes among its equals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// Before them.
    First,
    /// Behind them.
    Last,
}

/// A queue for each priority and a bitmap of those that are not empty.
pub struct RunQueue<T> {
    /// Made at first use, so that the queues of cores that do not exist cost nothing in the image.
    queues: Option<Box<[VecDeque<T>; Priority::COUNT]>>,
    /// Bit p: queue p holds something.
    occupied: u32,
}

impl<T> RunQueue<T> {
    /// Nothing waits.
    pub const fn new() -> Self {
        Self { queues: None, occupied: 0 }
    }

    /// Puts `item` behind all others of its priority.
    pub fn push(&mut self, priority: Priority, item: T) {
        self.queue(priority).push_back(item);
        self.occupied |= 1 << priority.index();
    }

    /// Puts `item` before all others of its priority.
    pub fn push_first(&mut self, priority: Priority, item: T) {
        self.queue(priority).push_front(item);
        self.occupied |= 1 << priority.index();
    }

    /// Takes out the item of this priority for which `is_it` holds.
    pub fn remove(&mut self, priority: Priority, is_it: impl Fn(&T) -> bool) -> Option<T> {
        let queue = self.queue(priority);
        let item = queue.iter().position(is_it).and_then(|position| queue.remove(position));
        if queue.is_empty() {
            self.occupied &= !(1 << priority.index());
        }
        item
    }

    fn queue(&mut self, priority: Priority) -> &mut VecDeque<T> {
        let queues =
            self.queues.get_or_insert_with(|| Box::new([const { VecDeque::new() }; Priority::COUNT]));
        &mut queues[priority.index()]
    }

    /// Takes the longest waiting item of the highest priority that is at least `at_least`.
    pub fn pop(&mut self, at_least: Priority) -> Option<T> {
        let highest = self.occupied.checked_ilog2()? as usize;
        if highest < at_least.index() {
            return None;
        }
        let queue = &mut self.queues.as_mut()?[highest];
        let item = queue.pop_front();
        if queue.is_empty() {
            self.occupied &= !(1 << highest);
        }
        item
    }

    /// Bit p: something of priority p waits.
    pub const fn occupied(&self) -> u32 {
        self.occupied
    }

    /// The highest priority that waits.
    pub fn highest(&self) -> Option<usize> {
        self.occupied.checked_ilog2().map(|highest| highest as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn highest_first_then_in_order() {
        let mut queue = RunQueue::new();
        let [low, high] = [1, 31].map(|value| Priority::new(value).unwrap());
        for (priority, item) in [(low, 'a'), (high, 'b'), (low, 'c'), (high, 'd')] {
            queue.push(priority, item);
        }
        assert_eq!(queue.pop(high), Some('b'));
        assert_eq!(queue.pop(high), Some('d'));
        assert_eq!(queue.pop(high), None, "only lower ones are left");
        assert_eq!(queue.pop(low), Some('a'));
        assert_eq!(queue.pop(Priority::IDLE), Some('c'));
        assert_eq!((queue.occupied(), queue.highest()), (0, None));
        assert!(queue.pop(Priority::IDLE).is_none());
    }

    #[test]
    fn places_change() {
        let mut queue = RunQueue::new();
        let [low, high] = [1, 31].map(|value| Priority::new(value).unwrap());
        for item in ['a', 'b', 'c'] {
            queue.push(low, item);
        }
        assert_eq!(queue.remove(low, |&item| item == 'b'), Some('b'));
        assert_eq!(queue.remove(high, |&item| item == 'a'), None);
        queue.push(high, 'b');
        assert_eq!(queue.remove(high, |&item| item == 'b'), Some('b'));
        assert_eq!(queue.occupied(), 1 << low.index());
        queue.push_first(low, 'b');
        assert_eq!([queue.pop(low), queue.pop(low), queue.pop(low)], [Some('b'), Some('a'), Some('c')]);
    }
}
