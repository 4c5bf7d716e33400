//! What is on or off: [`switch`].

/// Reads the value of such an option.
pub fn switch(text: &str) -> Result<bool, &'static str> {
    match text {
        "1" | "true" | "yes" | "on" => Ok(true),
        "0" | "false" | "no" | "off" => Ok(false),
        _ => Err("give 1 or 0"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn switches_have_four_words_each() {
        assert_eq!(["1", "true", "yes", "on"].map(switch), [Ok(true); 4]);
        assert_eq!(["0", "false", "no", "off"].map(switch), [Ok(false); 4]);
        assert!(["", "2", "Yes", "on "].iter().all(|word| switch(word).is_err()));
    }
}
