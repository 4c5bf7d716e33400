//! What programs see: the structures and numbers that the kernel exchanges with the C library, under their C names.
//!
//! They exist a second time in the C headers, which people write. Here each says which header that is: [`CONTRACTS`] is made
//! by [`layout!`] and [`constants!`] from the definitions themselves, and `cargo xtask tidy` asks the installed
//! headers for every size, offset, sign and number in it (`xtask/src/tidy/headers`).

/// The types of C whose width the kernel takes for granted, and the numbers.
pub mod numbers;
/// Structures of signals and timers.
pub mod signal;
/// Other structures.
pub mod system;

pub use numbers::*;

/// One thing that kernel and headers must agree on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// `sizeof(c_type)`.
    Size {
        /// `struct stat`
        c_type: &'static str,
        /// Size in bytes.
        bytes: usize,
        /// Whether it is a signed integer; unknown for what is no integer.
        signed: Option<bool>,
    },
    /// A member of a structure.
    Member {
        /// `struct stat`
        c_type: &'static str,
        /// `st_size`
        member: &'static str,
        /// Offset in bytes.
        offset_bytes: usize,
        /// Size in bytes.
        size_bytes: usize,
        /// Whether it is a signed integer; unknown for what is no integer.
        signed: Option<bool>,
    },
    /// A macro or an enumerator.
    Number {
        /// `O_CREAT`
        name: &'static str,
        /// Its value.
        value: i64,
    },
}

/// When a header has to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Always.
    Required,
    /// The C library does not have it yet; once it does, it has to agree.
    Later,
}

/// Facts that one header defines.
#[derive(Clone, Copy, Debug)]
pub struct Contract {
    name: &'static str,
    header: &'static str,
    presence: Presence,
    file: &'static str,
    facts: &'static [Fact],
}

impl Contract {
    /// The structure's name in Rust, or the name of the group of numbers.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The header that programs include: `sys/stat.h`.
    pub const fn header(&self) -> &'static str {
        self.header
    }

    /// Whether the header has to be there.
    pub const fn presence(&self) -> Presence {
        self.presence
    }

    /// The file of the Rust side.
    pub const fn file(&self) -> &'static str {
        self.file
    }

    /// What has to be so.
    pub const fn facts(&self) -> &'static [Fact] {
        self.facts
    }

    /// For the macros.
    pub(crate) const fn new(
        name: &'static str,
        header: &'static str,
        presence: Presence,
        file: &'static str,
        facts: &'static [Fact],
    ) -> Self {
        Self { name, header, presence, file, facts }
    }
}

/// Everything, in no particular order.
pub const CONTRACTS: &[&[Contract]] = &[
    crate::errno::CONTRACTS,
    crate::file::CONTRACTS,
    crate::socket::CONTRACTS,
    numbers::CONTRACTS,
    signal::CONTRACTS,
    system::CONTRACTS,
];

/// A type of Rust's that has a twin in C.
pub(crate) trait Twin {
    /// Whether it is a signed integer.
    const SIGNED: Option<bool> = None;
}

macro_rules! integers {
    ($($signed:literal: $($ty:ident)*;)*) => { $($(impl Twin for $ty { const SIGNED: Option<bool> = Some($signed); })*)* };
}
integers! { true: i8 i16 i32 i64; false: u8 u16 u32 u64; }
impl<T, const N: usize> Twin for [T; N] {}

/// `structure.member`, whose type the last argument tells.
pub(crate) const fn member<S, M: Twin>(
    c_type: &'static str,
    member: &'static str,
    offset_bytes: usize,
    _: fn(&S) -> &M,
) -> Fact {
    Fact::Member { c_type, member, offset_bytes, size_bytes: size_of::<M>(), signed: M::SIGNED }
}

/// A member of a union of C's that begins `offset_bytes` behind the beginning of its structure.
pub(crate) const fn view<M: Twin>(c_type: &'static str, member: &'static str, offset_bytes: usize) -> Fact {
    Fact::Member { c_type, member, offset_bytes, size_bytes: size_of::<M>(), signed: M::SIGNED }
}

/// Says what `repr(C)` structures are called in C, and makes `CONTRACTS` of them.
///
/// Every field has to be named, which the compiler checks: under `members` those that C has too (`field as "name"` where
/// it has another name), under `padding` those that no program sees, and under `views` what C sees in a field of
/// raw words: type, name, and bytes behind that field's beginning.
macro_rules! layout {
    ($($name:ident = $c:literal in $header:literal $($presence:ident)? {
        members: $($field:ident $(as $as:literal)?),*;
        $(padding: $($hidden:ident),*;)?
        $(views: $($ty:ty, $member:literal, $base:ident + $offset:literal;)*)?
    })*) => {
        $(impl $crate::c::Twin for $name {}
        const _: () = {
            fn _every_field_is_told(one: &$name) {
                let $name { $($field: _,)* $($($hidden: _,)*)? } = one;
            }
        };)*
        /// What these structures are in C.
        pub const CONTRACTS: &[$crate::c::Contract] = &[$($crate::c::Contract::new(
            stringify!($name),
            $header,
            $crate::c::presence!($($presence)?),
            file!(),
            &[
                $crate::c::Fact::Size { c_type: $c, bytes: size_of::<$name>(), signed: None },
                $($crate::c::member::<$name, _>(
                    $c,
                    $crate::c::or!($($as)?, stringify!($field)),
                    core::mem::offset_of!($name, $field),
                    |one| &one.$field,
                ),)*
                $($($crate::c::view::<$ty>($c, $member, core::mem::offset_of!($name, $base) + $offset),)*)?
            ],
        )),*];
    };
}

/// Defines numbers under their C names, and makes `CONTRACTS` of them; `types` are C's, of which only width and sign matter.
macro_rules! constants {
    (
        types { $($header_of_type:literal { $($c:literal = $rust:ty,)* })* }
        $($(#[$about:meta])* $group:ident in $header:literal $($presence:ident)?: $ty:ty { $($name:ident = $value:expr,)* })*
    ) => {
        $($(
            #[doc = concat!("`", stringify!($name), "` of `<", $header, ">`.")]
            pub const $name: $ty = $value;
        )*)*
        /// What these numbers are in C.
        pub const CONTRACTS: &[$crate::c::Contract] = &[
            $($crate::c::Contract::new(
                "types",
                $header_of_type,
                $crate::c::Presence::Required,
                file!(),
                &[$($crate::c::Fact::Size {
                    c_type: $c,
                    bytes: size_of::<$rust>(),
                    signed: <$rust as $crate::c::Twin>::SIGNED,
                }),*],
            ),)*
            $($crate::c::Contract::new(
                stringify!($group),
                $header,
                $crate::c::presence!($($presence)?),
                file!(),
                &[$($crate::c::Fact::Number { name: stringify!($name), value: $name as i64 }),*],
            ),)*
        ];
    };
}

macro_rules! presence {
    () => {
        $crate::c::Presence::Required
    };
    (later) => {
        $crate::c::Presence::Later
    };
}

/// The first of two that is there.
macro_rules! or {
    (, $otherwise:expr) => {
        $otherwise
    };
    ($first:literal, $otherwise:expr) => {
        $first
    };
}

pub(crate) use {constants, layout, or, presence};

#[cfg(test)]
mod tests {
    use super::{CONTRACTS, Presence};

    #[test]
    fn a_contract_says_where_its_sides_are() {
        let mut all = CONTRACTS.iter().flat_map(|contracts| contracts.iter());
        let stat = all.find(|contract| contract.name() == "Stat").expect("struct stat is shared");
        assert_eq!((stat.header(), stat.presence()), ("sys/stat.h", Presence::Required));
        assert!(stat.file().ends_with("abi/src/file.rs"), "{}", stat.file());
        assert!(!stat.facts().is_empty());
    }
}
