//! Which mutants are tried: [`Choice`].

use super::list::Mutant;

/// Seconds of a day.
const DAY_S: u64 = 86_400;

/// Every day a tenth.
const PARTS: usize = 10;

/// Some of the mutants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Each.
    All,
    /// The K-th of N parts, of about the same mixture.
    Part {
        /// From 1.
        number: usize,
        /// How many parts there are.
        of: usize,
    },
    /// Those of one list: `kernel`.
    List(String),
    /// Those with this in their titles.
    Named(String),
}

impl Choice {
    /// `K/N`, or a part of titles.
    pub fn parse(text: &str) -> Result<Self, String> {
        let Some((number, of)) = text.split_once('/') else { return Ok(Self::Named(text.to_owned())) };
        match (number.parse(), of.parse()) {
            (Ok(number), Ok(of)) if (1..=of).contains(&number) => Ok(Self::Part { number, of }),
            (Ok(number), Ok(of)) => Err(format!("there is no part {number} of {of}: wanted 1 to {of}")),
            _ => Ok(Self::Named(text.to_owned())),
        }
    }

    /// A list, if it is the name of one of those that hold `mutants`.
    pub fn or_list(self, mutants: &[Mutant]) -> Self {
        match self {
            Self::Named(name) if mutants.iter().any(|mutant| mutant.room == name) => Self::List(name),
            other => other,
        }
    }

    /// Whether it is all that there is, or all of a list: what the page is about.
    pub const fn is_whole(&self) -> bool {
        matches!(self, Self::All | Self::List(_))
    }

    /// The part of the day of a commit, so that a commit is always tried in the same way.
    pub const fn of_day(seconds_since_1970: u64) -> Self {
        let day = seconds_since_1970 / DAY_S;
        Self::Part { number: (day % PARTS as u64) as usize + 1, of: PARTS }
    }

    /// Those chosen, in their order.
    pub fn of(&self, mutants: Vec<Mutant>) -> Vec<Mutant> {
        let is_chosen = |(index, mutant): &(usize, Mutant)| match self {
            Self::All => true,
            Self::Part { number, of } => index % of == number - 1,
            Self::List(name) => mutant.room == *name,
            Self::Named(part) => mutant.title().contains(part.as_str()),
        };
        mutants.into_iter().enumerate().filter(is_chosen).map(|(_, mutant)| mutant).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::suite::mutants::list::tests::mutant;

    fn mutants() -> Vec<Mutant> {
        (0..23).map(|n| Mutant { name: format!("m{n}"), ..mutant("f", "a", "b", &[]) }).collect()
    }

    fn titles(choice: &Choice) -> Vec<String> {
        choice.of(mutants()).iter().map(Mutant::title).collect()
    }

    #[test]
    fn words_are_parts_or_names() {
        assert_eq!(Choice::parse("3/10"), Ok(Choice::Part { number: 3, of: 10 }));
        assert_eq!(Choice::parse("kernel/slice"), Ok(Choice::Named("kernel/slice".into())));
        assert_eq!(Choice::parse("libc"), Ok(Choice::Named("libc".into())));
        for bad in ["0/10", "11/10", "1/0"] {
            Choice::parse(bad).unwrap_err();
        }
    }

    #[test]
    fn ten_days_cover_all_and_a_day_is_the_same_all_day() {
        let noon = 20_000 * DAY_S + DAY_S / 2;
        let mut seen = BTreeSet::new();
        for day in 0..10 {
            let part = titles(&Choice::of_day(noon + day * DAY_S));
            assert!((2..=3).contains(&part.len()), "{part:?}");
            assert_eq!(part, titles(&Choice::of_day(noon + day * DAY_S + 3600)));
            for title in part {
                assert!(seen.insert(title), "twice");
            }
        }
        assert_eq!(seen.len(), 23);
        assert_eq!(Choice::of_day(noon), Choice::of_day(noon + 10 * DAY_S));
    }

    #[test]
    fn names_choose() {
        assert_eq!(titles(&Choice::Named("m22".into())), ["room/m22"]);
        assert_eq!(titles(&Choice::All).len(), 23);
    }
}
