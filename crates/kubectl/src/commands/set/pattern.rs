//! Containers by patterns of their names.

use objects::{Container, PodSpec, Shared};

/// Whether a name is of a pattern in which `*` stands for any letters.
///
/// Models `selectString`, kubectl `pkg/cmd/set/helper.go`, v1.34.
fn matches(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else {
        return rest.is_empty();
    };
    for part in middle {
        match rest.split_once(part) {
            Some((_, behind)) => rest = behind,
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// Changes the containers whose names are of a pattern. Whether there are any.
pub(super) fn change(
    spec: &mut PodSpec,
    pattern: &str,
    mut change: impl FnMut(&mut Container),
) -> bool {
    let mut found = false;
    let mut of = |containers: &mut Shared<Vec<Container>>| {
        let is_it = |it: &Container| matches(pattern, &it.name);
        if containers.iter().any(is_it) {
            found = true;
            containers
                .iter_mut()
                .filter(|it| is_it(it))
                .for_each(&mut change);
        }
    };
    of(&mut spec.containers);
    of(&mut spec.init_containers);
    found
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns_stand_for_names() {
        for (pattern, name, want) in [
            ("*", "main", true),
            ("ma*", "main", true),
            ("*in", "main", true),
            ("m*n", "main", true),
            ("m*i*n", "main", true),
            ("main", "main", true),
            ("x*", "main", false),
            ("ma", "main", false),
        ] {
            assert_eq!(matches(pattern, name), want, "{pattern} {name}");
        }
    }
}
