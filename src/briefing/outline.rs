//! The briefing as a row of blocks: what documents of an office are made from.
//!
//! It reads the values that the page and the PDF are laid out from ([`content`](super::content)), so that no sentence is formed twice. The first
//! part is what a minister reads; the rest is an annex.
//!
//! Absent on purpose: how a block looks (`docx`, `pptx`).

use serde_json::Value;

/// A piece of the briefing.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// A heading of the first or the second order.
    Heading(u8, String),
    /// The heading with which the annex begins.
    Annex(String),
    /// The sentence that answers first.
    Lead(String),
    /// A paragraph.
    Text(String),
    /// What explains something else, in small letters.
    Note(String),
    /// A list; each with what stands in bold before it, if anything does.
    List(Vec<(String, String)>),
    /// Names and values.
    Pairs(Vec<[String; 2]>),
    /// A table with a row of headings.
    Table(Table),
    /// A figure, by its name, and what is to be seen in it.
    Figure(String, String),
    /// The caveat.
    Closing(String),
}

/// A table: what it shows, its headings, and its rows, each as long as those.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// What it shows.
    pub caption: String,
    /// The headings of its columns.
    pub head: Vec<String>,
    /// Its rows.
    pub rows: Vec<Vec<String>>,
}

/// The blocks of `content`.
#[must_use]
pub fn outline(content: &Value) -> Vec<Block> {
    let of = Content(content);
    let mut blocks = first(&of);
    blocks.push(Block::Annex(of.text("/words/first/annex")));
    blocks.extend(annex(&of));
    blocks.push(Block::Closing(of.text("/words/closing/line")));
    blocks
}

/// What a minister reads.
fn first(of: &Content<'_>) -> Vec<Block> {
    let question = of.text("/question");
    let mut blocks = vec![
        Block::Pairs(of.pairs("/imprint")),
        Block::Heading(1, of.text("/words/question")),
        Block::Text(if question.is_empty() { of.text("/words/no_question") } else { question }),
        Block::Heading(1, of.text("/words/finding/heading")),
    ];
    if !of.compares() {
        blocks.push(Block::Text(of.text("/words/finding/only_baseline")));
        return blocks;
    }
    let answer = of.texts("/answer");
    blocks.extend(answer.into_iter().enumerate().map(|(place, said)| if place == 0 { Block::Lead(said) } else { Block::Text(said) }));
    blocks.push(of.figure("ranking"));
    blocks.extend([Block::Heading(1, of.text("/words/first/sure")), Block::List(of.items("/first/sure"))]);
    blocks.extend([
        Block::Heading(1, of.text("/words/first/costs")),
        Block::Note(of.text("/say/costs_lead")),
        Block::Table(of.options("/first/options")),
    ]);
    blocks.extend([Block::List(of.items("/first/bought")), Block::Heading(1, of.text("/words/first/wrong")), Block::List(of.items("/first/wrong"))]);
    blocks
}

fn annex(of: &Content<'_>) -> Vec<Block> {
    let mut blocks = vec![Block::Pairs(of.pairs("/facts"))];
    if of.compares() {
        blocks.extend([Block::Heading(1, of.text("/words/ledgers/heading")), Block::Text(of.text("/say/ledgers_lead"))]);
        if of.more_than_shown() {
            blocks.push(Block::Table(of.options("/variants")));
        }
        blocks.push(Block::Heading(2, of.text("/say/finding_both")));
        blocks.push(Block::List(of.findings()));
        blocks.push(of.figure("tiles"));
        blocks.push(Block::Heading(2, of.text("/say/ledgers_all_of")));
        blocks.extend(["truth", "official"].map(|ledger| Block::Table(of.ledger(ledger))));
    }
    blocks.extend([Block::Heading(1, of.text("/words/figures/heading")), Block::Text(of.text("/words/figures/lead"))]);
    let shown = if of.compares() { ["fans", "difference", "cascade"] } else { ["fans", "cascade", "pipeline"] };
    blocks.extend(shown.map(|name| of.figure(name)));
    if of.compares() {
        blocks.extend([Block::Heading(1, of.text("/words/change/heading")), Block::List(of.items("/change"))]);
        let backfire = of.items("/backfire");
        if !backfire.is_empty() {
            blocks.extend([Block::Heading(2, of.text("/say/backfire")), Block::List(backfire)]);
        }
        let bought = of.items("/bought");
        if !bought.is_empty() {
            blocks.extend([Block::Heading(2, of.text("/words/bought/heading")), Block::Note(of.text("/words/bought/lead")), Block::List(bought)]);
        }
    }
    blocks.push(Block::Heading(1, of.text("/words/evidence/heading")));
    match of.value("/parameters").as_array().map_or(0, Vec::len) {
        0 => blocks.push(Block::Text(of.text("/words/evidence/none"))),
        _ => blocks.extend([Block::Text(of.text("/words/evidence/lead")), Block::Table(of.grades())]),
    }
    if of.compares() {
        blocks.push(Block::Heading(1, of.text("/words/levers/heading")));
        blocks.extend(of.levers());
    }
    blocks.push(Block::Heading(1, of.text("/words/method/heading")));
    blocks.extend(["/words/method/first", "/say/method_second", "/words/method/third"].map(|place| Block::Text(of.text(place))));
    blocks.extend([Block::Heading(1, of.text("/words/provenance/heading")), Block::Text(of.text("/words/provenance/lead"))]);
    blocks.push(Block::Pairs(of.pairs("/provenance")));
    blocks
}

/// The values, by their places.
struct Content<'a>(&'a Value);

impl Content<'_> {
    fn value(&self, place: &str) -> &Value {
        self.0.pointer(place).unwrap_or(&Value::Null)
    }

    fn text(&self, place: &str) -> String {
        said(self.value(place))
    }

    fn texts(&self, place: &str) -> Vec<String> {
        all(self.value(place)).iter().map(said).collect()
    }

    /// Whether there is a variant to tell of.
    fn compares(&self) -> bool {
        !self.value("/variant").is_null()
    }

    /// Whether there are more variants than the first part shows.
    fn more_than_shown(&self) -> bool {
        all(self.value("/variants")).len() > all(self.value("/first/options")).len()
    }

    fn pairs(&self, place: &str) -> Vec<[String; 2]> {
        all(self.value(place)).iter().map(|pair| [said(&pair[0]), said(&pair[1])]).collect()
    }

    /// Sentences, each alone or with what stands before it.
    fn items(&self, place: &str) -> Vec<(String, String)> {
        let item = |one: &Value| if one.is_array() { (said(&one[0]), said(&one[1])) } else { (String::new(), said(one)) };
        all(self.value(place)).iter().map(item).collect()
    }

    fn figure(&self, name: &str) -> Block {
        Block::Figure(name.to_owned(), self.text(&format!("/words/figures/{name}")))
    }

    /// Variants, in both ledgers and in cost.
    fn options(&self, place: &str) -> Table {
        let unit = |name: &str, unit: &str| format!("{}: {}", self.text(name), self.text(unit));
        let head = vec![
            self.text("/words/variant"),
            unit("/words/truth", "/words/ledgers/people"),
            unit("/words/official", "/words/ledgers/count"),
            self.text("/say/ledgers_money"),
            self.text("/say/costs_per_month"),
        ];
        let row = |row: &Value| {
            let cells = [&row["cells"][0], &row["cells"][1], &row["cells"][2], &row["per_month"]];
            std::iter::once(said(&row["title"])).chain(cells.map(cell)).collect()
        };
        Table { caption: self.text("/say/ledgers_caption"), head, rows: all(self.value(place)).iter().map(row).collect() }
    }

    /// One ledger of the variant shown.
    fn ledger(&self, ledger: &str) -> Table {
        let head = ["/words/measure", "/words/unit", "/words/baseline", "/words/difference"].map(|place| self.text(place)).to_vec();
        let row = |row: &Value| vec![said(&row["name"]), said(&row["unit"]), said(&row["baseline"]), cell(&row["cell"])];
        let caption = format!("{}: {}", self.text(&format!("/words/{ledger}")), self.text(&format!("/words/{ledger}_note")));
        Table { caption, head, rows: all(self.value(&format!("/headlines/{ledger}"))).iter().map(row).collect() }
    }

    fn findings(&self) -> Vec<(String, String)> {
        let tag = |ledger: &Value| match ledger.as_str() {
            Some("people") => self.text("/words/truth"),
            Some("count") => self.text("/words/official"),
            _ => self.text("/words/cost_ledger"),
        };
        all(self.value("/finding")).iter().map(|one| (tag(&one["ledger"]), said(&one["text"]))).collect()
    }

    fn grades(&self) -> Table {
        let head = ["grade", "count", "meaning"].map(|key| self.text(&format!("/words/evidence/{key}"))).to_vec();
        let row = |row: &Value| (0..3).map(|place| said(&row[place])).collect();
        Table { caption: self.text("/words/evidence/caption"), head, rows: all(self.value("/grades")).iter().map(row).collect() }
    }

    /// The levers in which the variant shown differs.
    fn levers(&self) -> Vec<Block> {
        if self.value("/levers").is_null() {
            return vec![Block::Text(self.text("/words/levers/none"))];
        }
        let head = ["levers/lever", "levers/from", "baseline", "variant", "unit", "levers/evidence"];
        let head = head.map(|key| self.text(&format!("/words/{key}"))).to_vec();
        let row = |row: &Value| ["name", "from", "before", "after", "unit", "grade"].map(|key| said(&row[key])).to_vec();
        let shown = all(self.value("/levers")).iter().filter(|group| group["open"] == true);
        let table =
            |group: &Value| Table { caption: said(&group["caption"]), head: head.clone(), rows: all(&group["rows"]).iter().map(row).collect() };
        std::iter::once(Block::Text(self.text("/words/levers/lead"))).chain(shown.map(|group| Block::Table(table(group)))).collect()
    }
}

/// A difference in one line.
fn cell(cell: &Value) -> String {
    let parts = ["range", "mean", "say"].map(|key| said(&cell[key]));
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
}

fn all(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// A value as text; what is not there says nothing.
fn said(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}
