//! How many vCPUs, and on which CPUs of the host: [`Cpus`], written as `4` or `0-3,6`.

use abi::boot_info::MAX_CPUS;
use core::str::FromStr;

/// Highest number of a host CPU (`CPU_SETSIZE` of sched_setaffinity(2)), exclusive.
const HOST_CPUS: usize = libc::CPU_SETSIZE as usize;

/// Value of `--cpus` and `HERMIT_CPUS`; at least one vCPU.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cpus {
    /// That many vCPUs, wherever Linux lets the proxy run.
    Count(usize),
    /// One vCPU on each of these CPUs of the host, in this order.
    List(Vec<usize>),
}

/// The text is neither a count nor a list.
#[derive(Debug, thiserror::Error)]
pub enum BadCpus {
    /// Not understood.
    #[error("give a count such as 4, or a list of CPUs such as 0-3,6")]
    Malformed,
    /// No vCPU at all.
    #[error("give at least 1: a count such as 4, or a list of CPUs such as 0-3,6")]
    Zero,
    /// More than the boot info names.
    #[error("give at most {MAX_CPUS} vCPUs")]
    TooMany,
    /// Twice the same CPU.
    #[error("CPU {0} is named twice; name each once")]
    Twice(usize),
    /// No such CPU on any Linux.
    #[error("there is no CPU {0}; Linux numbers them below {HOST_CPUS}")]
    OutOfRange(usize),
}

impl Cpus {
    /// Number of vCPUs, at least 1.
    pub fn count(&self) -> usize {
        match self {
            Self::Count(count) => *count,
            Self::List(list) => list.len(),
        }
    }

    /// The CPUs of the host that are named.
    pub fn list(&self) -> &[usize] {
        match self {
            Self::Count(_) => &[],
            Self::List(list) => list,
        }
    }
}

impl FromStr for Cpus {
    type Err = BadCpus;

    fn from_str(text: &str) -> Result<Self, BadCpus> {
        if !text.contains(['-', ',']) {
            return match number(text)? {
                0 => Err(BadCpus::Zero),
                count if count > MAX_CPUS => Err(BadCpus::TooMany),
                count => Ok(Self::Count(count)),
            };
        }
        let mut list = Vec::new();
        for part in text.split(',') {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            let (first, last) = (number(first)?, number(last)?);
            if last < first {
                return Err(BadCpus::Malformed);
            }
            if last >= HOST_CPUS {
                return Err(BadCpus::OutOfRange(last));
            }
            for cpu in first..=last {
                if list.contains(&cpu) {
                    return Err(BadCpus::Twice(cpu));
                }
                list.push(cpu);
            }
        }
        if list.len() > MAX_CPUS { Err(BadCpus::TooMany) } else { Ok(Self::List(list)) }
    }
}

fn number(text: &str) -> Result<usize, BadCpus> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        text.parse().map_err(|_| BadCpus::Malformed)
    } else {
        Err(BadCpus::Malformed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_and_lists() {
        assert_eq!("4".parse::<Cpus>().unwrap(), Cpus::Count(4));
        assert_eq!("1024".parse::<Cpus>().unwrap().count(), MAX_CPUS);
        assert_eq!("0-511".parse::<Cpus>().unwrap().count(), 512);
        assert_eq!("0-3,6".parse::<Cpus>().unwrap(), Cpus::List(vec![0, 1, 2, 3, 6]));
        assert_eq!("6,".parse::<Cpus>().map_err(|_| ()), Err(()));
    }

    #[test]
    fn nonsense() {
        for text in [
            "",
            "0",
            "-1",
            "1-",
            "3-1",
            "a",
            "1,,2",
            "1,1",
            "+4",
            "1025",
            "0-1024",
            "9999-10000",
            "99999999999999999999",
        ] {
            assert!(text.parse::<Cpus>().is_err(), "{text}");
        }
    }
}
