//! Cells in columns.

/// A header and rows of as many cells.
pub(crate) struct Table {
    pub(crate) header: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
}

/// Models the tab writer of cli-runtime `pkg/printers/tabwriter.go`, v1.34.
const WIDTH_MIN: usize = 6;
const PADDING: usize = 3;

impl Table {
    pub(crate) fn new(header: &[&str]) -> Self {
        Self {
            header: header.iter().map(|&it| it.to_owned()).collect(),
            rows: Vec::new(),
        }
    }

    /// Leaves only so many columns.
    pub(crate) fn keep(&mut self, columns: usize) {
        self.header.truncate(columns);
        self.rows.iter_mut().for_each(|row| row.truncate(columns));
    }

    /// Leaves only the first line of a cell.
    ///
    /// Models `printTable`, cli-runtime `pkg/printers/tableprinter.go`, v1.34.
    pub(crate) fn cut_at_line_ends(&mut self) {
        for cell in self.rows.iter_mut().flatten() {
            if let Some(at) = cell.find(['\u{c}', '\n', '\r']) {
                cell.truncate(at);
                *cell += "...";
            }
        }
    }

    /// Adds a column.
    pub(crate) fn insert(&mut self, at: usize, header: &str, cells: Vec<String>) {
        let at = at.min(self.header.len());
        self.header.insert(at, header.to_owned());
        for (row, cell) in self.rows.iter_mut().zip(cells) {
            row.insert(at.min(row.len()), cell);
        }
    }

    pub(crate) fn text(&self, with_header: bool) -> String {
        let header = with_header.then_some(&self.header);
        let lines: Vec<&Vec<String>> = header.into_iter().chain(&self.rows).collect();
        let mut widths = vec![0; self.header.len()];
        for line in &lines {
            for (width, cell) in widths.iter_mut().zip(*line) {
                *width = (*width).max(cell.chars().count());
            }
        }
        let mut text = String::new();
        for line in lines {
            let last = line.len().saturating_sub(1);
            for (i, (cell, width)) in line.iter().zip(&widths).enumerate() {
                if i == last {
                    text += cell;
                } else {
                    let width = (width + PADDING).max(WIDTH_MIN);
                    text += &format!("{cell:<width$}");
                }
            }
            text.push('\n');
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_three_blanks_apart() {
        let mut table = Table::new(&["NAME", "N", "AGE"]);
        table
            .rows
            .push(vec!["long-name".into(), "1".into(), "5s".into()]);
        assert_eq!(
            table.text(true),
            "NAME        N     AGE\nlong-name   1     5s\n"
        );
        table.keep(2);
        assert_eq!(table.text(false), "long-name   1\n");
    }
}
