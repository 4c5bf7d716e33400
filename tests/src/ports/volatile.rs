//! Outputs without what differs from run to run anyway: [`cut`].

/// `text` without what follows one of the `marks` in its line.
pub fn cut(text: &[u8], marks: &[&str]) -> Vec<u8> {
    if marks.is_empty() {
        return text.to_vec();
    }
    let mut rest = Vec::with_capacity(text.len());
    for line in text.split_inclusive(|&byte| byte == b'\n') {
        let ends = marks.iter().filter_map(|mark| Some(find(line, mark.as_bytes())? + mark.len()));
        match ends.min() {
            Some(end) if line.ends_with(b"\n") => {
                rest.extend_from_slice(&line[..end]);
                rest.push(b'\n');
            }
            Some(end) => rest.extend_from_slice(&line[..end]),
            None => rest.extend_from_slice(line),
        }
    }
    rest
}

fn find(line: &[u8], mark: &[u8]) -> Option<usize> {
    line.windows(mark.len()).position(|window| window == mark)
}

#[cfg(test)]
mod tests {
    use super::cut;

    #[test]
    fn only_what_follows_a_mark_is_cut() {
        let text = b"1: ok in 0.3 s\n2: failed in 0.4 s\nother\nok in 5";
        assert_eq!(cut(text, &["ok in "]), b"1: ok in \n2: failed in 0.4 s\nother\nok in ");
        assert_eq!(cut(text, &[]), text);
        assert_eq!(cut(b"a ok in b", &["in ", "a "]), b"a ", "the first mark in the line counts");
    }
}
