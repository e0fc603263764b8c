//! What somebody meant who wrote something else.

/// The known word that is nearest to one that is not known, if it is near.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_lowercase();
    let by_distance = known
        .into_iter()
        .map(|known| (distance(&lower, &known.to_lowercase()), known));
    let (distance, known) = by_distance.min()?;
    // One letter in three may be wrong.
    (distance <= 1 + known.len() / 4).then_some(known)
}

/// `unknown field "stpes"; did you mean "steps"?`, or else all there are.
pub(crate) fn unknown(what: &str, word: &str, known: &[&str]) -> String {
    match nearest(word, known.iter().copied()) {
        Some(near) => format!("unknown {what} {word:?}; did you mean {near:?}?"),
        None => format!("unknown {what} {word:?}; there are {}", known.join(", ")),
    }
}

/// Letters to insert, delete, replace, or swap with their neighbour.
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().take(LENGTH_MAX).collect();
    let b: Vec<char> = b.chars().collect();
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 0..a.len() {
        let mut row = vec![i + 1];
        for j in 0..b.len() {
            let replaced = last[j] + usize::from(a[i] != b[j]);
            let mut best = replaced.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j] {
                best = best.min(before_last[j - 1] + 1);
            }
            row.push(best);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

/// Nothing that is known is as long as that.
const LENGTH_MAX: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_found_if_it_is_near() {
        let known = ["say", "kubectl", "daemonSet", "notSameAs", "sameAs"];
        for (word, want) in [
            ("daemonset", Some("daemonSet")),
            ("deamonSet", Some("daemonSet")),
            ("kubctl", Some("kubectl")),
            ("syas", None),
            ("sya", Some("say")),
            ("sameas", Some("sameAs")),
            ("", None),
            ("something", None),
        ] {
            assert_eq!(nearest(word, known), want, "{word}");
        }
    }
}
