//! What Go's types are: enough of it to print a value as Go does.

/// A struct per line, see its head.
const STRUCTS: &str = include_str!("go_structs.txt");

/// A type, by what it is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum GoType<'a> {
    Pointer(&'a str),
    Slice(&'a str),
    /// From strings to this.
    Map(&'a str),
    Struct(Struct),
    Bool,
    Integer,
    /// Also those with a name of their own.
    String,
    IntOrString,
    Quantity,
    Time,
}

/// A line of the table, without the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Struct(&'static str);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct GoField {
    pub name: &'static str,
    pub json: JsonName,
    pub type_: &'static str,
}

/// Where the value of a field is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum JsonName {
    /// Under the field's name, its first letter made small.
    Lowered,
    Named(&'static str),
    /// Among the fields of the struct around it.
    Embedded,
}

impl<'a> GoType<'a> {
    /// Of a type as Go writes it.
    pub(super) fn of(name: &'a str) -> Self {
        if let Some(to) = name.strip_prefix('*') {
            return Self::Pointer(to);
        }
        if let Some(of) = name.strip_prefix("[]") {
            return Self::Slice(of);
        }
        if let Some(to) = name.strip_prefix("map[string]") {
            return Self::Map(to);
        }
        match name {
            "bool" => Self::Bool,
            "int32" | "int64" => Self::Integer,
            "v1.ResourceList" => Self::Map("resource.Quantity"),
            "intstr.IntOrString" => Self::IntOrString,
            "resource.Quantity" => Self::Quantity,
            "v1.Time" => Self::Time,
            _ => Struct::named(name).map_or(Self::String, Self::Struct),
        }
    }
}

impl Struct {
    fn named(name: &str) -> Option<Self> {
        let name = name.strip_prefix("v1.")?;
        STRUCTS.lines().find_map(|line| {
            let fields = line.strip_prefix(name)?.strip_prefix(' ')?;
            Some(Self(fields))
        })
    }

    /// Its fields, in the order of the source.
    pub(super) fn fields(self) -> impl Iterator<Item = GoField> {
        self.0.split(' ').map(|field| {
            let (name, type_) = field.split_once('=').unwrap_or((field, "string"));
            let (name, json) = match name.split_once(':') {
                None => (name, JsonName::Lowered),
                Some((name, "")) => (name, JsonName::Embedded),
                Some((name, json)) => (name, JsonName::Named(json)),
            };
            GoField { name, json, type_ }
        })
    }
}
