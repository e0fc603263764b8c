//! Label selectors.
//!
//! Models `labels.Parse`, apimachinery `pkg/labels/selector.go`, v1.34.

use std::collections::BTreeSet;

use objects::{
    LabelSelector,
    labels::LabelSelectorRequirement,
    validate::{label_key, label_value},
};

/// Reads a label selector.
///
/// # Errors
/// What is not understood, in the API server's words.
pub fn labels(text: &str) -> Result<LabelSelector, String> {
    let mut parser = Parser {
        tokens: scan(text),
        at: 0,
    };
    let mut selector = LabelSelector::default();
    loop {
        match parser.peek() {
            Token::End => return Ok(selector),
            Token::Word(_) | Token::Sign("!") => {}
            found => return Err(found.instead_of("!, identifier, or 'end of string'")),
        }
        let requirement = parser.requirement();
        let requirement =
            requirement.map_err(|why| format!("unable to parse requirement: {why}"))?;
        selector.match_expressions.push(requirement);
        match parser.next() {
            Token::End => return Ok(selector),
            Token::Sign(",") => match parser.peek() {
                Token::Word(_) | Token::Sign("!") => {}
                found => return Err(found.instead_of("identifier after ','")),
            },
            found => return Err(found.instead_of("',' or 'end of string'")),
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Word(String),
    Sign(&'static str),
    /// Signs that belong to none.
    Wrong(String),
    End,
}

impl Token {
    fn instead_of(&self, expected: &str) -> String {
        format!("found '{}', expected: {expected}", self.text())
    }

    fn text(&self) -> String {
        match self {
            Self::Word(word) => word.clone(),
            Self::Sign(sign) => (*sign).to_owned(),
            Self::Wrong(signs) => format!("error expected: keyword found '{signs}'"),
            Self::End => String::new(),
        }
    }
}

const SIGNS: [&str; 9] = ["==", "!=", "=", "!", "(", ")", ",", ">", "<"];

fn is_special(c: char) -> bool {
    "=!(),><".contains(c)
}

fn scan(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let of_word = |c: char| !is_special(c) && !c.is_ascii_whitespace();
        let end = |is_it: &dyn Fn(char) -> bool| rest.find(|c| !is_it(c)).unwrap_or(rest.len());
        let (token, length) = if of_word(first) {
            let length = end(&of_word);
            (Token::Word(rest[..length].to_owned()), length)
        } else if let Some(sign) = SIGNS.iter().find(|it| rest.starts_with(**it)) {
            (Token::Sign(sign), sign.len())
        } else {
            let length = end(&is_special).max(first.len_utf8());
            (Token::Wrong(rest[..length].to_owned()), length)
        };
        tokens.push(token);
        rest = rest[length..].trim_start();
    }
    tokens
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
}

impl Parser {
    fn peek(&self) -> Token {
        self.tokens.get(self.at).cloned().unwrap_or(Token::End)
    }

    fn next(&mut self) -> Token {
        let token = self.peek();
        self.at += 1;
        token
    }

    fn requirement(&mut self) -> Result<LabelSelectorRequirement, String> {
        let is_absent = self.peek() == Token::Sign("!");
        self.at += usize::from(is_absent);
        let key = match self.next() {
            Token::Word(key) => key,
            found => return Err(found.instead_of("identifier")),
        };
        let wrong = label_key(&key);
        if !wrong.is_empty() {
            let wrong = wrong.join("; ");
            return Err(format!("<nil>: Invalid value: {key:?}: {wrong}"));
        }
        let made = |operator: &str, values: Vec<String>| LabelSelectorRequirement {
            key: key.clone(),
            operator: operator.to_owned(),
            values,
            ..LabelSelectorRequirement::default()
        };
        if is_absent {
            return Ok(made("DoesNotExist", Vec::new()));
        }
        if matches!(self.peek(), Token::End | Token::Sign(",")) {
            return Ok(made("Exists", Vec::new()));
        }
        let found = self.next();
        let operator = match &*found.text() {
            "in" | "=" | "==" => "In",
            "notin" | "!=" => "NotIn",
            ">" => "Gt",
            "<" => "Lt",
            _ => return Err(found.instead_of("in, notin, =, ==, !=, gt, lt")),
        };
        let values = match found {
            Token::Word(_) => self.values()?,
            _ => vec![self.value()?],
        };
        let requirement = made(operator, values);
        match &*wrong_values(&requirement) {
            [] => Ok(requirement),
            [wrong] => Err(wrong.clone()),
            several => Err(format!("[{}]", several.join(", "))),
        }
    }

    /// What stands between parentheses, in order.
    fn values(&mut self) -> Result<Vec<String>, String> {
        let open = self.next();
        if open != Token::Sign("(") {
            return Err(format!("found '{}' expected: '('", open.text()));
        }
        let mut values = BTreeSet::new();
        if self.peek() == Token::Sign(")") {
            self.at += 1;
            return Ok(Vec::new());
        }
        if !matches!(self.peek(), Token::Word(_) | Token::Sign(",")) {
            return Err(self.peek().instead_of("',', ')' or identifier"));
        }
        loop {
            values.insert(match self.peek() {
                Token::Word(value) => {
                    self.at += 1;
                    value
                }
                Token::Sign("," | ")") => String::new(),
                found => return Err(found.instead_of("',', or identifier")),
            });
            match self.next() {
                Token::Sign(",") => {}
                Token::Sign(")") => return Ok(values.into_iter().collect()),
                found => return Err(found.instead_of("',' or ')'")),
            }
        }
    }

    fn value(&mut self) -> Result<String, String> {
        match self.peek() {
            Token::End | Token::Sign(",") => Ok(String::new()),
            Token::Word(value) => {
                self.at += 1;
                Ok(value)
            }
            found => Err(found.instead_of("identifier")),
        }
    }
}

/// Models `labels.NewRequirement`.
fn wrong_values(requirement: &LabelSelectorRequirement) -> Vec<String> {
    let (key, values) = (&requirement.key, &requirement.values);
    let is_number = matches!(requirement.operator.as_str(), "Gt" | "Lt");
    if values.is_empty() {
        let why = "for 'in', 'notin' operators, values set can't be empty";
        return vec![format!("values: Invalid value: []: {why}")];
    }
    let mut wrong = Vec::new();
    for (i, value) in values.iter().enumerate() {
        if is_number && value.parse::<i64>().is_err() {
            wrong.push(format!("values[{i}]: Invalid value: {value:?}: for 'Gt', 'Lt' operators, the value must be an integer"));
        }
        let why = label_value(value);
        if !why.is_empty() {
            let why = why.join("; ");
            wrong.push(format!(
                "values[{i}][{key}]: Invalid value: {value:?}: {why}"
            ));
        }
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn label_selectors_select() {
        let check = |selector: &str, labels_text: &str, want: bool| {
            let labels_of = labels_text.split(',').filter_map(|it| it.split_once('='));
            let labels_of = labels_of.map(|(k, v)| (k.to_owned(), v.to_owned()));
            let got = labels(selector).unwrap().matches(&labels_of.collect());
            assert_eq!(got, want, "{selector} {labels_text}");
        };
        check("", "", true);
        check("a=b,c!=d", "a=b", true);
        check("a==b, c!=d", "a=b,c=d", false);
        check("a in (x, y),!f", "a=y", true);
        check("a in (x,y),!f", "a=y,f=", false);
        check("a notin (x)", "", true);
        check("a", "a=", true);
        check("a=", "a=", true);
        check("a>3", "a=4", true);
        check("in in (in,)", "in=", true);
    }

    #[test]
    fn what_is_not_understood_is_said_as_upstream() {
        const VALUE: &str = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
        const NAME: &str = "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
        let check = |selector: &str, want: &str| {
            assert_eq!(labels(selector).unwrap_err(), want, "{selector}");
        };
        let of_requirement = |selector: &str, want: &str| {
            check(selector, &format!("unable to parse requirement: {want}"))
        };
        of_requirement("a b", "found 'b', expected: in, notin, =, ==, !=, gt, lt");
        of_requirement("app in crash", "found 'crash' expected: '('");
        of_requirement("a in (x", "found '', expected: ',' or ')'");
        of_requirement("a in ((", "found '(', expected: ',', ')' or identifier");
        of_requirement(
            "a in ()",
            "values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty",
        );
        of_requirement("!", "found '', expected: identifier");
        of_requirement("a=)", "found ')', expected: identifier");
        of_requirement(
            "a>b",
            "values[0]: Invalid value: \"b\": for 'Gt', 'Lt' operators, the value must be an integer",
        );
        of_requirement(
            "a=-b",
            &format!("values[0][a]: Invalid value: \"-b\": {VALUE}"),
        );
        of_requirement("-a", &format!("<nil>: Invalid value: \"-a\": {NAME}"));
        check(
            "=",
            "found '=', expected: !, identifier, or 'end of string'",
        );
        check("a=b=c", "found '=', expected: ',' or 'end of string'");
        check("a,=", "found '=', expected: identifier after ','");
        check("a,", "found '', expected: identifier after ','");
        check("!a=b", "found '=', expected: ',' or 'end of string'");
    }
}
