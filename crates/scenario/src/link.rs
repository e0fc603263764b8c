//! Sessions as links: `1.<base64url(deflate(json))>`.
//!
//! The number in front is the version; a reader of later versions still reads this one. The JSON
//! has `scenario` and `inputs` as scenario files have them, `next`, `position`, and `check`, a
//! CRC-32 of these, which tells a damaged link from a whole one.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use miniz_oxide::{deflate::compress_to_vec, inflate::decompress_to_vec_with_limit};
use serde::{Deserialize, Serialize};

use crate::{
    ReadError, Scenario, Session,
    scenario::{API_VERSION, KIND},
};

const VERSION: &str = "1";

/// More than this no link unpacks to, in bytes: it may come from a stranger.
const SIZE_MAX: usize = 16 << 20;

/// Why a link opens nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkError {
    /// There is no version in front.
    NoLink,
    /// It is of a later version than this program knows.
    Version(String),
    /// Something of it is missing or changed.
    Damaged,
    /// It unpacks to more than is taken.
    TooLarge,
    /// It is whole, and holds what is no scenario.
    Scenario(ReadError),
}

impl fmt::Display for LinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoLink => f.write_str("this is no link to a session: it begins with \"1.\""),
            Self::Version(version) => write!(
                f,
                "this link is of version {version}, which is newer than this page: reload it, and open the link again"
            ),
            Self::Damaged => f.write_str(
                "this link is damaged, and nothing of it was loaded: copy it again, to its last letter",
            ),
            Self::TooLarge => write!(
                f,
                "this link unpacks to more than {} MB, and nothing of it was loaded",
                SIZE_MAX >> 20
            ),
            Self::Scenario(error) => write!(f, "this link holds no scenario: {error}"),
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Held {
    scenario: String,
    #[serde(default)]
    inputs: String,
    #[serde(default)]
    next: usize,
    #[serde(default)]
    position: usize,
    check: u32,
}

/// The fragment of an address, without `#`.
pub fn encode(session: &Session) -> String {
    let inputs = Scenario {
        steps: session.inputs().cloned().collect(),
        ..Scenario::default()
    };
    let (scenario, inputs) = (session.scenario.to_string(), inputs.to_string());
    // What every scenario begins with goes without saying.
    let inputs = inputs.strip_prefix(&head()).unwrap_or(&inputs).to_owned();
    let mut held = Held {
        scenario,
        inputs,
        next: session.next,
        position: session.position,
        check: 0,
    };
    held.check = held.crc();
    // Texts and numbers can always be written.
    let json = serde_json::to_vec(&held).unwrap_or_default();
    let packed = URL_SAFE_NO_PAD.encode(compress_to_vec(&json, 10));
    format!("{VERSION}.{packed}")
}

/// What a fragment holds, with or without `#`.
///
/// # Errors
/// See [`LinkError`]; then nothing of it is to be used.
pub fn decode(fragment: &str) -> Result<Session, LinkError> {
    let fragment = fragment.trim();
    let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
    let (version, packed) = fragment.split_once('.').ok_or(LinkError::NoLink)?;
    if version.is_empty() || !version.bytes().all(|it| it.is_ascii_digit()) {
        return Err(LinkError::NoLink);
    }
    if version != VERSION {
        return Err(LinkError::Version(version.to_owned()));
    }
    let packed = URL_SAFE_NO_PAD
        .decode(packed.trim_end_matches('='))
        .map_err(|_| LinkError::Damaged)?;
    let json =
        decompress_to_vec_with_limit(&packed, SIZE_MAX).map_err(|error| match error.status {
            miniz_oxide::inflate::TINFLStatus::HasMoreOutput => LinkError::TooLarge,
            _ => LinkError::Damaged,
        })?;
    let held: Held = serde_json::from_slice(&json).map_err(|_| LinkError::Damaged)?;
    if held.check != held.crc() {
        return Err(LinkError::Damaged);
    }
    let read = |text: &str| Scenario::read(text).map_err(LinkError::Scenario);
    let scenario = read(&held.scenario)?;
    let inputs = read(&format!("{}{}", head(), held.inputs))?;
    let mut session = Session::new(scenario).with_inputs(inputs.steps);
    session.next = held.next.min(session.scenario.steps.len());
    session.position = held.position;
    Ok(session)
}

fn head() -> String {
    format!("apiVersion: {API_VERSION}\nkind: {KIND}\n")
}

impl Held {
    /// CRC-32, as in zip files, of all but `check`.
    fn crc(&self) -> u32 {
        let numbers = format!("\0{}\0{}", self.next, self.position);
        let texts = [&self.scenario, "\0", &self.inputs, &numbers];
        let bytes = texts.into_iter().flat_map(str::bytes);
        !bytes.fold(u32::MAX, |crc, byte| {
            (0..8).fold(crc ^ u32::from(byte), |crc, _| {
                (crc >> 1) ^ (0xEDB8_8320 & 0_u32.wrapping_sub(crc & 1))
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use kubectl::Files;

    use super::*;
    use crate::{RunFor, Step};

    const FLUENTD: &str = "\
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: fluentd
  labels: { app: fluentd }
spec:
  selector:
    matchLabels: { app: fluentd }
  template:
    metadata:
      labels: { app: fluentd }
    spec:
      tolerations:
      - { key: node-role.kubernetes.io/control-plane, operator: Exists, effect: NoSchedule }
      containers:
      - name: fluentd
        image: fluentd:v1
        resources:
          limits: { memory: 200Mi }
          requests: { cpu: 100m, memory: 200Mi }
        volumeMounts:
        - { name: varlog, mountPath: /var/log }
      volumes:
      - name: varlog
        hostPath: { path: /var/log }
";

    /// Ten nodes, and what a person does with them.
    fn played() -> (Session, cluster::Timeline) {
        let text = format!(
            "{}title: Ten nodes\nseed: 7\nnodePools:\n- {{ name: worker, count: 10 }}\n",
            head()
        );
        let mut session = Session::new(Scenario::read(&text).unwrap());
        let mut timeline = session.open().unwrap();
        let mut files = Files::from([("fluentd.yaml".to_owned(), FLUENTD.to_owned())]);
        session.note(Step::Say("What happens?".into()), &timeline);
        session.kubectl("apply -f fluentd.yaml", &files, &mut timeline);
        session.run(RunFor::Quiet, &mut timeline);
        let fault = "node/worker-2 power off".parse().unwrap();
        session.fault(fault, &mut timeline).unwrap();
        session.run(RunFor::Steps(1), &mut timeline);
        session.run(RunFor::Steps(3), &mut timeline);
        session.kubectl("cordon worker-3 worker-4", &files, &mut timeline);
        let second = FLUENTD.replace("fluentd:v1", "fluentd:v2");
        files.insert("fluentd.yaml".to_owned(), second);
        session.kubectl("apply -f fluentd.yaml", &files, &mut timeline);
        session.kubectl("get pod nobody", &files, &mut timeline);
        let minute = objects::Millis::from_secs(60);
        session.run(RunFor::Duration(minute), &mut timeline);
        (session, timeline)
    }

    #[test]
    fn a_session_of_ten_nodes_is_a_short_link_that_opens_where_it_stood() {
        let (mut session, mut timeline) = played();
        let link = encode(&session);
        assert!(link.len() < 800, "{} characters", link.len());
        let mut opened = decode(&format!("#{link}")).unwrap();
        assert_eq!(
            opened.open().unwrap().cluster().digest(),
            timeline.cluster().digest()
        );
        assert_eq!(encode(&opened), link);
        // The scenario it makes is played to the same end.
        let scenario = Scenario::read(&session.to_scenario().to_string()).unwrap();
        let mut run = crate::Run::new(&scenario, None).unwrap();
        run.play(|_| {}).unwrap();
        assert_eq!(
            run.timeline().cluster().digest(),
            timeline.cluster().digest()
        );
        // Another past: what was done after it is no more.
        timeline.seek(12);
        session.kubectl("delete node worker-9", &Files::new(), &mut timeline);
        session.run(RunFor::Steps(5), &mut timeline);
        timeline.seek(timeline.len() - 2);
        session.position = timeline.position();
        let opened = decode(&encode(&session)).unwrap().open().unwrap();
        assert_eq!(opened.cluster().digest(), timeline.cluster().digest());
        assert_eq!(opened.len(), timeline.len());
    }

    #[test]
    fn a_damaged_link_loads_nothing() {
        let link = encode(&played().0);
        let original = decode(&link).unwrap();
        for at in 2..link.len() {
            for other in ['A', 'b', '-', '!', 'é'] {
                let mut damaged = link.clone();
                damaged.replace_range(at..=at, &other.to_string());
                match decode(&damaged) {
                    // Bits that stand for nothing may differ.
                    Ok(session) => assert_eq!(session, original, "{at} {other}"),
                    Err(error) => assert_eq!(error, LinkError::Damaged, "{at} {other}"),
                }
            }
            assert_eq!(decode(&link[..at]), Err(LinkError::Damaged), "{at}");
        }
        assert_eq!(decode(""), Err(LinkError::NoLink));
        assert_eq!(decode("#step=4"), Err(LinkError::NoLink));
        assert_eq!(decode("2.abc"), Err(LinkError::Version("2".into())));
        let large = compress_to_vec(&vec![b' '; SIZE_MAX + 1], 10);
        let large = format!("1.{}", URL_SAFE_NO_PAD.encode(large));
        assert_eq!(decode(&large), Err(LinkError::TooLarge));
    }
}
