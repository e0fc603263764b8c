//! Which object is meant by what somebody typed.

/// So many names are listed where none of them is meant.
const SHOWN: usize = 10;

/// Which of some DaemonSets, `NAMESPACE/NAME`, are meant by a name with or without namespace.
///
/// # Errors
/// If there is none of that name, or several.
pub fn daemon_set(keys: &[String], wanted: &str) -> Result<usize, String> {
    let is_meant = |key: &str| {
        let name = key.split_once('/').map_or("", |(_, name)| name);
        key == wanted || name == wanted
    };
    let meant: Vec<usize> = (0..keys.len()).filter(|&i| is_meant(&keys[i])).collect();
    match meant[..] {
        [only] => Ok(only),
        [] => Err(format!(
            "no DaemonSet {wanted}; there are {}",
            keys.join(", ")
        )),
        _ => {
            let several = meant.iter().map(|&i| keys[i].as_str());
            let several = several.collect::<Vec<_>>().join(", ");
            Err(format!(
                "several DaemonSets {wanted}: name one as NAMESPACE/NAME: {several}"
            ))
        }
    }
}

/// What there is instead of a node that is not there: `there are a, b and 3 more`. `None`: there
/// are no nodes at all.
pub fn other_nodes<'a>(names: impl Iterator<Item = &'a str>) -> Option<String> {
    let names: Vec<&str> = names.collect();
    let mut shown = names[..names.len().min(SHOWN)].join(", ");
    if names.len() > SHOWN {
        shown += &format!(" and {} more", names.len() - SHOWN);
    }
    (!names.is_empty()).then(|| format!("there are {shown}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_daemon_set_is_meant_by_its_name_if_no_other_has_it() {
        let keys = ["a/x", "b/x", "b/y"].map(str::to_owned);
        assert_eq!(daemon_set(&keys, "y"), Ok(2));
        assert_eq!(daemon_set(&keys, "b/x"), Ok(1));
        assert_eq!(
            daemon_set(&keys, "x"),
            Err("several DaemonSets x: name one as NAMESPACE/NAME: a/x, b/x".to_owned())
        );
        assert_eq!(
            daemon_set(&keys, "z"),
            Err("no DaemonSet z; there are a/x, b/x, b/y".to_owned())
        );
    }

    #[test]
    fn of_many_nodes_some_are_named() {
        let names: Vec<String> = (0..12).map(|i| i.to_string()).collect();
        let told = |n: usize| other_nodes(names[..n].iter().map(String::as_str));
        assert_eq!(told(0), None);
        assert_eq!(told(2).as_deref(), Some("there are 0, 1"));
        assert!(told(12).is_some_and(|it| it.ends_with("8, 9 and 2 more")));
    }
}
