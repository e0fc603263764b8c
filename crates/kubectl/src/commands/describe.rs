//! `describe`.

use crate::{
    execute::Run,
    flags::Arguments,
    live::Live,
    print,
    selection::{Selection, Which},
};

/// Objects that are told of in full.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Describe {
    selection: Selection,
    /// Whether a name that nothing has may be the beginning of some.
    by_prefix: bool,
    with_events: bool,
}

impl Describe {
    pub(crate) fn read(arguments: &Arguments<'_>) -> Result<Self, String> {
        if arguments.names.is_empty() && arguments.files().is_empty() {
            return Err("error: You must specify the type of resource to describe. Use \"kubectl api-resources\" for a complete list of supported resources.".to_owned());
        }
        Ok(Self {
            selection: Selection::read(arguments, &arguments.names, true)?,
            by_prefix: arguments.names.len() == 2,
            with_events: arguments.text("show-events").is_none() || arguments.is_set("show-events"),
        })
    }

    pub(crate) fn run(&self, run: &mut Run<'_>) {
        let found = run.select(&self.selection);
        if found.is_empty() && run.has_failed() {
            for live in self.beginning_so(run) {
                run.forgive_not_found();
                let text = print::describe(&live, run.cluster(), self.with_events);
                run.output.text += &text;
                run.output.text.push('\n');
            }
            return;
        }
        if found.is_empty() {
            return run.nothing_found(&self.selection, true);
        }
        for (i, (_, live)) in found.iter().enumerate() {
            if i > 0 {
                run.output.text += "\n\n";
            }
            let text = print::describe(live, run.cluster(), self.with_events);
            run.output.text += &text;
        }
    }

    /// Models `DescribeMatchingResources`, kubectl `pkg/cmd/describe/describe.go`, v1.34.
    fn beginning_so(&self, run: &Run<'_>) -> Vec<Live> {
        let Which::Named(named) = &self.selection.which else {
            return Vec::new();
        };
        let [(resource, prefix)] = &named[..] else {
            return Vec::new();
        };
        if !self.by_prefix {
            return Vec::new();
        }
        let mut all = Live::list(run.cluster(), resource, self.selection.namespace());
        all.retain(|it| it.name().starts_with(prefix));
        all
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect_file;

    use crate::{
        Files,
        commands::tests::{check, check_with, settle, world},
        execute,
    };

    const DAEMON: &str = include_str!("testdata/logging.yaml");

    #[test]
    fn objects_are_told_of_as_kubectl_tells() {
        let files = Files::from([("logging.yaml".to_owned(), DAEMON.to_owned())]);
        let mut timeline = world();
        let output = execute("apply -f logging.yaml", &files, &mut timeline);
        assert_eq!(output.exit_code, 0, "{}", output.text);
        settle(&mut timeline);
        let mut describe = |line: &str| {
            let output = execute(line, &files, &mut timeline);
            assert_eq!(output.exit_code, 0, "{}", output.text);
            output.text
        };
        expect_file!["testdata/describe_ds.txt"]
            .assert_eq(&describe("describe ds fluentd -n logging"));
        expect_file!["testdata/describe_node.txt"].assert_eq(&describe("describe node n1"));
        expect_file!["testdata/describe_pod.txt"]
            .assert_eq(&describe("describe pods -n logging -l app=fluentd"));
        expect_file!["testdata/describe_other.txt"].assert_eq(&describe(
            "describe ns,controllerrevisions -A --show-events=false",
        ));
    }

    #[test]
    fn what_is_not_there_is_not_told_of() {
        check(
            r#"
$ describe
error: You must specify the type of resource to describe. Use "kubectl api-resources" for a complete list of supported resources.
[1]
$ describe pod nobody
Error from server (NotFound): pods "nobody" not found
[1]
$ describe ds -n other
No resources found in other namespace.
$ describe ds age --show-events=false --namespace=other
Error from server (NotFound): daemonsets.apps "age" not found
[1]
"#,
        );
    }

    #[test]
    fn the_beginning_of_a_name_is_enough() {
        let mut timeline = world();
        let all = execute("describe pod agent", &Files::new(), &mut timeline);
        assert_eq!(all.exit_code, 0);
        assert_eq!(all.text.matches("Controlled By:").count(), 2);
        check_with(
            &Files::new(),
            &mut timeline,
            "
$ describe pod/agent
Error from server (NotFound): pods \"agent\" not found
[1]
",
        );
    }
}
