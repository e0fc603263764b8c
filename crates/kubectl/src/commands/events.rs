//! `events`.

use std::rc::Rc;

use objects::Event;

use serde_json::{Value, json};

use crate::{
    execute::Run, flags::Arguments, live::Live, print, printer::Printer, resource::Resource,
};

/// Events, the oldest first.
///
/// Models kubectl `pkg/cmd/events/events.go`, v1.34.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Events {
    /// `None`: all of them.
    namespace: Option<String>,
    about: Option<(Resource, String)>,
    types: Vec<String>,
    no_headers: bool,
    follows: bool,
    printer: Printer,
}

impl Events {
    pub(crate) fn read(arguments: &Arguments<'_>) -> Result<Self, String> {
        let about = match arguments.text("for") {
            None => None,
            Some(text) => match text.split_once('/') {
                Some((_, name)) if name.contains('/') => {
                    return Err(
                        "error: arguments in resource/name form may not have more than one slash"
                            .into(),
                    );
                }
                Some((kind, name)) => {
                    // What is looked up here is no error of the builder's, which says `error: `.
                    let resource = arguments.resource(kind);
                    let resource =
                        resource.map_err(|it| it.trim_start_matches("error: ").to_owned());
                    Some((resource?, name.to_owned()))
                }
                None => return Err("error: --for must be in resource/name form".into()),
            },
        };
        let types = arguments.text("types").unwrap_or_default().split(',');
        let types: Vec<String> = types
            .filter(|it| !it.is_empty())
            .map(str::to_lowercase)
            .collect();
        if types.iter().any(|it| it != "normal" && it != "warning") {
            return Err("error: valid --types are Normal or Warning".into());
        }
        let namespace = arguments.namespace().unwrap_or_else(|| "default".into());
        Ok(Self {
            namespace: (!arguments.is_set("all-namespaces")).then_some(namespace),
            about,
            types,
            no_headers: arguments.is_set("no-headers"),
            follows: arguments.is_set("watch"),
            printer: Printer::read(arguments)?,
        })
    }

    pub(crate) fn run(&self, run: &mut Run<'_>) {
        let events = run.cluster().store().events.values();
        let mut events: Vec<Rc<Event>> = events.filter(|it| self.is_meant(it)).cloned().collect();
        run.output.follows = self.follows;
        if events.is_empty() {
            return match &self.namespace {
                Some(namespace) => run.say(&format!("No events found in {namespace} namespace.")),
                None => run.say("No events found."),
            };
        }
        events.sort_by_key(|it| it.last_timestamp);
        if self.printer != Printer::Words {
            return self.show(run, events);
        }
        let now = run.cluster().unix_now();
        let mut table = print::events(&events, now);
        if self.namespace.is_none() {
            let namespaces = events.iter().map(|it| it.metadata.namespace.to_string());
            table.insert(0, "NAMESPACE", namespaces.collect());
        }
        run.output.text += &table.text(!self.no_headers);
    }

    fn show(&self, run: &mut Run<'_>, events: Vec<Rc<Event>>) {
        let events: Vec<Live> = events.into_iter().map(Live::Event).collect();
        if self.printer == Printer::Name {
            events
                .iter()
                .for_each(|it| run.say(&format!("event/{}", it.name())));
            return;
        }
        let items: Vec<Value> = events.iter().map(Live::value).collect();
        run.show(
            &self.printer,
            &json!({ "apiVersion": "v1", "items": items, "kind": "EventList", "metadata": {} }),
        );
    }

    fn is_meant(&self, event: &Event) -> bool {
        let object = &event.involved_object;
        let is_here = self
            .namespace
            .as_deref()
            .is_none_or(|it| it == &*event.metadata.namespace);
        let is_about = self
            .about
            .as_ref()
            .is_none_or(|(resource, name)| object.kind == *resource.kind && *object.name == **name);
        let type_ = event.type_.as_str().to_lowercase();
        is_here && is_about && (self.types.is_empty() || self.types.contains(&type_))
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        Files,
        commands::tests::{check, world},
        execute,
    };

    #[test]
    fn events_are_listed_the_oldest_first() {
        let mut timeline = world();
        let mut lines = |line: &str| {
            let output = execute(line, &Files::new(), &mut timeline);
            let lines = output.text.lines().map(str::to_owned);
            lines.collect::<Vec<String>>()
        };
        let of_the_set = lines("events --for ds/agent --no-headers");
        assert_eq!(of_the_set.len(), 2);
        let first = of_the_set[0]
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        assert!(
            first.contains("Normal SuccessfulCreate DaemonSet/agent Created pod: agent-"),
            "{first}"
        );
        let names = lines("events --for ds/agent -o name");
        assert!(names[0].starts_with("event/agent."), "{}", names[0]);
        let reasons = lines("events --for ds/agent -o jsonpath={.items[*].reason}");
        assert_eq!(reasons, ["SuccessfulCreate SuccessfulCreate"]);
        let all = lines("events -A --types=Normal");
        assert!(
            all[0].starts_with("NAMESPACE   LAST SEEN   TYPE     REASON"),
            "{}",
            all[0]
        );
        assert!(all.len() > of_the_set.len());
    }

    #[test]
    fn there_may_be_none() {
        check(
            r#"
$ events -n other
No events found in other namespace.
$ events -A --types=Warning
No events found.
$ events --types=bad
error: valid --types are Normal or Warning
[1]
$ events --for agent
error: --for must be in resource/name form
[1]
$ events --for foo/agent
the server doesn't have a resource type "foo"
[1]
"#,
        );
    }
}
