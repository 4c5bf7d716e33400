//! What a test of gcc's says about its flags: `{ dg-options "-fwrapv" }`, if it is meant for x86-64: [`of`].

/// Directives with flags.
const DIRECTIVES: &[&str] = &["{ dg-options ", "{ dg-additional-options "];

/// The flags of all directives in `source`.
pub fn of(source: &str) -> Vec<String> {
    let mut flags = Vec::new();
    for line in source.lines() {
        for directive in DIRECTIVES {
            if let Some((_, rest)) = line.split_once(directive) {
                flags.extend(flags_of(rest).unwrap_or_default());
            }
        }
    }
    flags
}

/// `"FLAGS" { target TRIPLES } }`, the selector being optional.
fn flags_of(rest: &str) -> Option<Vec<String>> {
    let (flags, selector) = rest.trim_start().strip_prefix('"')?.split_once('"')?;
    is_selected(selector).then(|| flags.split_whitespace().map(str::to_owned).collect())
}

/// Whether a selector takes this target in. Those that ask for properties (`int32plus`) do so for small machines.
fn is_selected(selector: &str) -> bool {
    let Some((_, target)) = selector.split_once("{ target ") else { return true };
    let triples: Vec<_> = target.split([' ', '{', '}']).filter(|word| word.contains("-*")).collect();
    let takes = |triple: &str| triple.starts_with("x86_64") || triple.starts_with("*-*");
    triples.is_empty() || triples.iter().any(|triple| takes(triple)) != target.starts_with("{ !")
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn flags_are_those_for_this_target() {
        let of_line = |line: &str| of(line).join(" ");
        assert_eq!(of_line("/* { dg-options \"-fwrapv -g\" } */"), "-fwrapv -g");
        assert_eq!(of_line("/* { dg-additional-options \"-std=gnu89\" } */"), "-std=gnu89");
        assert_eq!(of_line("// { dg-options \"-m1\" { target i?86-*-* x86_64-*-* } }"), "-m1");
        assert_eq!(of_line("// { dg-options \"-m1\" { target powerpc-*-* } }"), "");
        assert_eq!(of_line("// { dg-options \"-m1\" { target { ! powerpc-*-* } } }"), "-m1");
        assert_eq!(of_line("int x; /* no directive */"), "");
    }
}
