//! `cordon` and `uncordon`.

use objects::Object;

use crate::{execute::Run, flags::Arguments, live::Live, selection::Selection};

/// Nodes that are closed to new pods, or opened again.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cordon {
    nodes: Selection,
    unschedulable: bool,
}

impl Cordon {
    pub(crate) fn read(arguments: &Arguments<'_>) -> Result<Self, String> {
        Ok(Self {
            nodes: Selection::nodes(arguments)?,
            unschedulable: arguments.command != "uncordon",
        })
    }

    /// Gives the names of the nodes; none if one of them is not there.
    pub(crate) fn run(&self, run: &mut Run<'_>) -> Vec<String> {
        let nodes = run.select(&self.nodes);
        if run.has_failed() {
            return Vec::new();
        }
        let names: Vec<String> = nodes.iter().map(|(_, it)| it.name().to_owned()).collect();
        names.iter().for_each(|name| self.one(run, name));
        names
    }

    fn one(&self, run: &mut Run<'_>, name: &str) {
        let reference = cluster::ObjectRef::node(&objects::Name::from(name));
        let Some(Live::Node(node)) = run.live(&reference) else {
            return;
        };
        let done = if self.unschedulable {
            "cordoned"
        } else {
            "uncordoned"
        };
        if node.spec.unschedulable == self.unschedulable {
            return run.done(&format!("node/{name} already {done}"));
        }
        let mut node = (*node).clone();
        node.spec.unschedulable = self.unschedulable;
        if run.replace(Object::Node(Box::new(node))).is_some() {
            run.done(&format!("node/{name} {done}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::commands::tests::check;

    #[test]
    fn nodes_are_cordoned_once() {
        check(
            r#"
$ cordon n1 -l zone
error: cannot specify both a node name and a --selector option
See 'kubectl cordon -h' for help and examples
[1]
$ cordon n1 node/n1
node/n1 cordoned
node/n1 already cordoned
$ cordon -l zone
node/n1 already cordoned
node/n2 cordoned
$ uncordon n2
node/n2 uncordoned
$ uncordon n1 n3
Error from server (NotFound): nodes "n3" not found
[1]
$ cordon
error: USAGE: cordon NODE [flags]
See 'kubectl cordon -h' for help and examples
[1]
"#,
        );
    }
}
