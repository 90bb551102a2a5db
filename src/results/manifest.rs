//! The manifest: what was run, with which program, when and where.
//!
//! It also carries what an answer needs and the tables do not: titles, the sectors' names, the currency and
//! the window of comparison. Its bytes differ from run to run (it holds a clock); those of the tables do not.
//!
//! Of every file beside it that was written with it, the manifest tells the length and the sum, and of itself its last line does, so
//! that damage is seen when it is read. The manifest of a study that is not whole yet is its plan, and tells of no table.
//!
//! Absent on purpose: results.

use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use toml::{Table, Value};

use super::units::RULES;
use super::whole;
use crate::draws::fnv;
use crate::model::policy::{self, Grade};
use crate::quantities::Month;
use crate::scenario::sets::Choice;
use crate::scenario::{Problem, Scenario, Shown as _, Variant};
use crate::sums::{Sum, summed, with_sum};

/// The version of the run folder's layout; raised whenever an older program could misread a newer folder.
pub const FORMAT: i64 = 4;
/// The oldest layout that is still read: format 1 knew no parameter sets, so that all of its runs assume the best values;
/// format 2 kept no table by origin; format 3 kept no sums, wrote months and names as text, and had all replicates of a variant together.
const OLDEST: i64 = 1;
/// Most bytes of a manifest, and most replicates and months that one may promise: what a run may have, and a good deal more.
const MOST: u64 = 16 << 20;
const MOST_REPLICATES: u32 = 1_000_000;
const MOST_MONTHS: i32 = 12 * 1_000;

/// One variant as the manifest knows it.
#[derive(Clone, Debug, PartialEq)]
pub struct VariantRecord {
    /// Its name.
    pub name: String,
    /// Its title, which may be empty.
    pub title: String,
    /// The variant over which it is laid, if any.
    pub base: Option<String>,
    /// Levers in which it differs from the baseline and whose effect is assumed and not measured.
    pub assumed: Vec<String>,
}

/// What was run.
#[derive(Clone, Debug, PartialEq)]
pub struct Manifest {
    /// The version of the folder's layout.
    pub format: i64,
    /// The number of the program's rules; empty in folders before format 4.
    pub rules: String,
    /// One number over the keys of all units in the tables; empty where there are none, and in folders before format 4.
    pub units: String,
    /// The files beside it and their sums; none in folders before format 4.
    pub files: Vec<(String, Sum)>,
    /// The program's version.
    pub version: String,
    /// The program's git hash, or "unknown".
    pub revision: String,
    /// The scenario's name.
    pub name: String,
    /// The scenario's title.
    pub title: String,
    /// The question it answers; may be empty.
    pub question: String,
    /// A 64-bit hash of the resolved scenario and of everything that was overridden but for the number of replicates, which may
    /// grow, as 16 hexadecimal digits.
    pub hash: String,
    /// The country's title.
    pub country: String,
    /// The currency of the cost ledger.
    pub currency: String,
    /// The year whose prices it is in.
    pub price_year: i32,
    /// The names of the country's sectors, in order.
    pub sectors: Vec<String>,
    /// The names of the country's origins, in order, and `citizens`; none where the run kept no table by origin.
    pub origins: Vec<String>,
    /// The seed.
    pub seed: u64,
    /// How many replicates.
    pub replicates: u32,
    /// Which parameter sets the replicates assume.
    pub parameters: Choice,
    /// They come from a calibration that is not known to have settled.
    pub unsettled: bool,
    /// Persons per agent.
    pub scale: f64,
    /// The first reported month.
    pub from: Month,
    /// The last reported month.
    pub to: Month,
    /// The first and the last month over which variants are compared.
    pub window: (Month, Month),
    /// The variant with which the others are compared, where it is not the baseline.
    pub against: Option<String>,
    /// The baseline, then the variants.
    pub variants: Vec<VariantRecord>,
    /// On how many threads it was simulated.
    pub jobs: usize,
    /// When it was started, in UTC: `2026-11-30T12:34:56Z`.
    pub started: String,
    /// How long the simulation took, in seconds of wall time.
    pub wall_seconds: f64,
    /// Operating system, processor architecture and number of cores.
    pub machine: (String, String, usize),
}

impl Manifest {
    /// What is known of a run of `scenario` before it is timed.
    ///
    /// # Panics
    /// Where the scenario has no baseline, which no loaded scenario lacks.
    #[must_use]
    #[expect(clippy::expect_used, reason = "a scenario is checked when it is loaded")]
    pub fn of(scenario: &Scenario) -> Self {
        let baseline = &scenario.variants.first().expect("a scenario has a baseline").setting;
        let variants = scenario.variants.iter();
        let first = &scenario.variants[0];
        Self {
            format: FORMAT,
            rules: RULES.to_owned(),
            units: String::new(),
            files: vec![],
            version: env!("CARGO_PKG_VERSION").to_owned(),
            revision: env!("FIVEP_REVISION").to_owned(),
            name: scenario.name.clone(),
            title: scenario.title.clone(),
            question: scenario.question.clone(),
            hash: hash(scenario),
            country: baseline.country.title.clone(),
            currency: baseline.country.currency.clone(),
            price_year: baseline.country.price_year,
            sectors: baseline.country.sectors.iter().map(|sector| sector.name.clone()).collect(),
            origins: baseline.country.origins.iter().map(|origin| origin.name.clone()).chain(["citizens".to_owned()]).collect(),
            seed: scenario.seed,
            replicates: scenario.replicates,
            parameters: scenario.drawn.choice,
            unsettled: scenario.drawn.unsettled,
            scale: scenario.scale,
            from: scenario.from,
            to: scenario.to,
            window: window(scenario),
            against: scenario.against.clone(),
            variants: variants
                .map(|v| VariantRecord { name: v.name.clone(), title: v.title.clone(), base: v.base.clone(), assumed: assumed(first, v) })
                .collect(),
            jobs: 1,
            started: String::new(),
            wall_seconds: 0.0,
            machine: machine(),
        }
    }

    /// Calls the scenario, its country and its variants what `scenario` calls them, as where that speaks another language.
    pub fn call_as(&mut self, scenario: &Scenario) {
        self.title.clone_from(&scenario.title);
        self.question.clone_from(&scenario.question);
        if let Some(baseline) = scenario.variants.first() {
            self.country.clone_from(&baseline.setting.country.title);
        }
        for variant in &mut self.variants {
            if let Some(own) = scenario.variants.iter().find(|own| own.name == variant.name) {
                variant.title.clone_from(&own.title);
            }
        }
    }

    /// The sum of the file `name` beside it, where it tells one.
    #[must_use]
    pub fn sum(&self, name: &str) -> Option<Sum> {
        self.files.iter().find(|(known, _)| known == name).map(|(_, sum)| *sum)
    }

    /// Whether it tells of tables, and not only of a plan.
    #[must_use]
    pub fn whole(&self) -> bool {
        self.format < FORMAT || !self.units.is_empty()
    }

    /// The manifest as TOML text, with its own sum in the last line.
    #[must_use]
    pub fn to_toml(&self) -> String {
        with_sum(&self.toml())
    }

    fn toml(&self) -> String {
        let text = |text: &str| Value::String(text.to_owned());
        let mut table = Table::new();
        table.insert("format".to_owned(), Value::Integer(FORMAT));
        table.insert("rules".to_owned(), text(&self.rules));
        table.insert("units".to_owned(), text(&self.units));
        table.insert("version".to_owned(), text(&self.version));
        table.insert("revision".to_owned(), text(&self.revision));
        table.insert("started".to_owned(), text(&self.started));
        table.insert("wall_seconds".to_owned(), Value::Float(self.wall_seconds));
        table.insert("jobs".to_owned(), integer(self.jobs));
        let mut machine = Table::new();
        machine.insert("os".to_owned(), text(&self.machine.0));
        machine.insert("arch".to_owned(), text(&self.machine.1));
        machine.insert("cores".to_owned(), integer(self.machine.2));
        table.insert("machine".to_owned(), Value::Table(machine));
        let mut scenario = Table::new();
        scenario.insert("name".to_owned(), text(&self.name));
        scenario.insert("title".to_owned(), text(&self.title));
        scenario.insert("question".to_owned(), text(&self.question));
        scenario.insert("hash".to_owned(), text(&self.hash));
        // TOML integers are signed: a seed above 2^63 would not fit, so it is written as text.
        scenario.insert("seed".to_owned(), text(&self.seed.to_string()));
        scenario.insert("replicates".to_owned(), Value::Integer(i64::from(self.replicates)));
        scenario.insert("parameters".to_owned(), text(self.parameters.word()));
        if self.parameters == Choice::Posterior {
            scenario.insert("calibration_settled".to_owned(), Value::Boolean(!self.unsettled));
        }
        scenario.insert("scale".to_owned(), Value::Float(self.scale));
        scenario.insert("from".to_owned(), text(&self.from.to_string()));
        scenario.insert("to".to_owned(), text(&self.to.to_string()));
        scenario.insert("months".to_owned(), Value::Integer(i64::from(self.to.since(self.from) + 1)));
        scenario.insert("compare_from".to_owned(), text(&self.window.0.to_string()));
        scenario.insert("compare_to".to_owned(), text(&self.window.1.to_string()));
        if let Some(against) = &self.against {
            scenario.insert("compare_against".to_owned(), text(against));
        }
        table.insert("scenario".to_owned(), Value::Table(scenario));
        let mut country = Table::new();
        country.insert("title".to_owned(), text(&self.country));
        country.insert("currency".to_owned(), text(&self.currency));
        country.insert("price_year".to_owned(), Value::Integer(i64::from(self.price_year)));
        country.insert("sectors".to_owned(), Value::Array(self.sectors.iter().map(|name| text(name)).collect()));
        country.insert("origins".to_owned(), Value::Array(self.origins.iter().map(|name| text(name)).collect()));
        table.insert("country".to_owned(), Value::Table(country));
        let files = self.files.iter().map(|(name, sum)| (name.clone(), text(&sum.to_string())));
        table.insert("files".to_owned(), Value::Table(files.collect()));
        let variants = self.variants.iter().map(|variant| {
            let mut table = Table::new();
            table.insert("name".to_owned(), text(&variant.name));
            table.insert("title".to_owned(), text(&variant.title));
            if let Some(base) = &variant.base {
                table.insert("base".to_owned(), text(base));
            }
            table.insert("assumed".to_owned(), Value::Array(variant.assumed.iter().map(|lever| text(lever)).collect()));
            Value::Table(table)
        });
        table.insert("variants".to_owned(), Value::Array(variants.collect()));
        table.to_string()
    }
}

fn integer(count: usize) -> Value {
    Value::Integer(i64::try_from(count).unwrap_or(i64::MAX))
}

fn machine() -> (String, String, usize) {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    (std::env::consts::OS.to_owned(), std::env::consts::ARCH.to_owned(), cores)
}

/// The months over which variants are compared: what the scenario says, else from the first reported month in
/// which any variant differs from the baseline to the end.
#[must_use]
pub fn window(scenario: &Scenario) -> (Month, Month) {
    if let Some(window) = scenario.compare {
        return window;
    }
    let Some((baseline, variants)) = scenario.variants.split_first() else { return (scenario.from, scenario.to) };
    let first = variants.iter().filter_map(|variant| baseline.setting.differs_from(&variant.setting)).min();
    let month = first.map_or(scenario.from, |months| baseline.setting.start().plus(i32::try_from(months).unwrap_or(i32::MAX)));
    (month.clamp(scenario.from, scenario.to), scenario.to)
}

/// The levers in which `variant` differs from `baseline` and whose effect is assumed.
fn assumed(baseline: &Variant, variant: &Variant) -> Vec<String> {
    let differs = |place: usize, width: usize| {
        let rows = baseline.setting.plan.rows.iter().zip(&variant.setting.plan.rows);
        rows.into_iter().any(|(a, b)| a[place..place + width] != b[place..place + width])
    };
    let levers = policy::all().filter(|(place, lever)| lever.grade == Grade::Assumed && differs(*place, lever.shape.width()));
    levers.map(|(_, lever)| lever.key.to_owned()).collect()
}

/// FNV-1a over everything that decides the tables' bytes but for how many replicates there are: short, stable, and the same on
/// every platform.
fn hash(scenario: &Scenario) -> String {
    let names: Vec<&str> = scenario.variants.iter().map(|variant| variant.name.as_str()).collect();
    let rest = format!("{} {:?} {} {} {names:?}", scenario.seed, scenario.scale, scenario.from, scenario.to);
    // The first set tells the file from which the others come; there are as many as the replicates ask for.
    let drawn = scenario.drawn.rows.first().into_iter().flatten().flat_map(|value| value.to_bits().to_le_bytes());
    // A shipped country is known by its name; one on disk may change under it.
    let country = scenario.country_files.iter().filter(|(name, _)| *name == "profile.toml").flat_map(|(_, text)| text.bytes());
    let resolved = scenario.resolved.lines().filter(|line| !line.starts_with("replicates = ")).flat_map(str::bytes);
    let bytes = resolved.chain(rest.bytes()).chain(drawn).chain(country);
    format!("{:016x}", fnv(bytes))
}

/// The time `time` in UTC as text: `2026-11-30T12:34:56Z`.
#[must_use]
pub fn utc(time: SystemTime) -> String {
    let seconds = time.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs();
    let (days, rest) = (i64::try_from(seconds / 86_400).unwrap_or(0), seconds % 86_400);
    // Civil date from a count of days (H. Hinnant, "chrono-compatible low-level date algorithms"): years are
    // counted from March, so that the leap day is the last of a year.
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", rest / 3600, rest / 60 % 60, rest % 60)
}

/// Reads a manifest.
///
/// # Errors
/// A fault where there is none or it is of another format, a problem of the world where it cannot be read or
/// is damaged.
pub fn read(path: &Path) -> Result<Manifest, Problem> {
    let damaged = |what: &str| Problem::World(format!("error: `{}` is damaged: {what}\nhelp: run the scenario again", path.shown()));
    let bytes = match whole::read(path, MOST) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound || error.kind() == std::io::ErrorKind::NotADirectory => {
            let folder = path.parent().unwrap_or(path).shown();
            return Err(Problem::Fault(format!(
                "error: `{folder}` is no run folder: it holds no manifest.toml\nhelp: `fivep runs` lists the run folders"
            )));
        }
        Err(error) => return Err(Problem::World(format!("error: cannot read `{}`: {error}", path.shown()))),
    };
    let text = String::from_utf8(bytes).map_err(|_| damaged("it is not text"))?;
    let table: Table = text.parse().map_err(|_| damaged("it is not TOML"))?;
    let format = table.get("format").and_then(Value::as_integer).ok_or_else(|| damaged("`format` is missing"))?;
    if !(OLDEST..=FORMAT).contains(&format) {
        let say = format!("error: `{}` has format {format}; this fivep reads format {OLDEST} to {FORMAT}", path.shown());
        return Err(Problem::Fault(format!("{say}\nhelp: run the scenario again, or use the fivep that wrote it")));
    }
    if format >= 4 && summed(&text).is_none() {
        return Err(damaged("it is not what was written, by the sum in its last line"));
    }
    from_table(format, &table).map_err(|key| damaged(&format!("`{key}` is missing or wrong")))
}

/// Reads the fields; the error is the key that is missing or wrong.
fn from_table(format: i64, table: &Table) -> Result<Manifest, &'static str> {
    let section = |key: &'static str| table.get(key).and_then(Value::as_table).ok_or(key);
    let (scenario, country, machine) = (section("scenario")?, section("country")?, section("machine")?);
    let variants = table.get("variants").and_then(Value::as_array).ok_or("variants")?;
    let variants = variants.iter().map(|variant| {
        let variant = variant.as_table().ok_or("variants")?;
        let base = variant.get("base").and_then(Value::as_str).map(str::to_owned);
        let levers = variant.get("assumed").and_then(Value::as_array);
        let assumed = levers.into_iter().flatten().filter_map(|lever| lever.as_str().map(str::to_owned)).collect();
        Ok::<_, &str>(VariantRecord { name: text(variant, "name")?, title: text(variant, "title")?, base, assumed })
    });
    let names = |key: &'static str| {
        let names = country.get(key).and_then(Value::as_array)?;
        names.iter().map(|name| name.as_str().map(str::to_owned)).collect::<Option<Vec<String>>>()
    };
    let files = table.get("files").and_then(Value::as_table).into_iter().flatten();
    let files = files.map(|(name, sum)| Ok::<_, &str>((name.clone(), sum.as_str().and_then(|sum| sum.parse().ok()).ok_or("files")?)));
    let late = |key| if format < 4 { Ok(String::new()) } else { text(table, key) };
    let variants = variants.collect::<Result<Vec<_>, _>>()?;
    if variants.is_empty() {
        return Err("variants");
    }
    // Whoever reads makes room for what is promised.
    let (from, to, replicates) = (month(scenario, "from")?, month(scenario, "to")?, number(scenario, "replicates")?);
    if !(0..MOST_MONTHS).contains(&to.since(from)) {
        return Err("to");
    }
    if !(1..=MOST_REPLICATES).contains(&replicates) {
        return Err("replicates");
    }
    let parameters = match scenario.get("parameters") {
        None => Choice::Best,
        Some(word) => word.as_str().and_then(Choice::of_word).ok_or("parameters")?,
    };
    let settled = scenario.get("calibration_settled").and_then(Value::as_bool).unwrap_or(false);
    Ok(Manifest {
        format,
        rules: late("rules")?,
        units: late("units")?,
        files: files.collect::<Result<_, _>>()?,
        version: text(table, "version")?,
        revision: text(table, "revision")?,
        name: text(scenario, "name")?,
        title: text(scenario, "title")?,
        question: text(scenario, "question")?,
        hash: text(scenario, "hash")?,
        country: text(country, "title")?,
        currency: text(country, "currency")?,
        price_year: number(country, "price_year")?,
        sectors: names("sectors").ok_or("sectors")?,
        origins: if country.contains_key("origins") { names("origins").ok_or("origins")? } else { vec![] },
        seed: text(scenario, "seed")?.parse().map_err(|_| "seed")?,
        replicates,
        parameters,
        unsettled: parameters == Choice::Posterior && !settled,
        scale: scenario.get("scale").and_then(Value::as_float).ok_or("scale")?,
        from,
        to,
        window: (month(scenario, "compare_from")?, month(scenario, "compare_to")?),
        against: scenario.get("compare_against").and_then(Value::as_str).map(str::to_owned),
        variants,
        jobs: number(table, "jobs")?,
        started: text(table, "started")?,
        wall_seconds: table.get("wall_seconds").and_then(Value::as_float).ok_or("wall_seconds")?,
        machine: (text(machine, "os")?, text(machine, "arch")?, number(machine, "cores")?),
    })
}

fn text(table: &Table, key: &'static str) -> Result<String, &'static str> {
    table.get(key).and_then(Value::as_str).map(str::to_owned).ok_or(key)
}

fn number<N: TryFrom<i64>>(table: &Table, key: &'static str) -> Result<N, &'static str> {
    table.get(key).and_then(Value::as_integer).and_then(|number| number.try_into().ok()).ok_or(key)
}

fn month(table: &Table, key: &'static str) -> Result<Month, &'static str> {
    text(table, key)?.parse().map_err(|_| key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_is_told_in_utc() {
        let at = |seconds| utc(UNIX_EPOCH + Duration::from_secs(seconds));
        assert_eq!(at(0), "1970-01-01T00:00:00Z");
        assert_eq!(at(951_827_696), "2000-02-29T12:34:56Z");
        assert_eq!(at(1_796_083_199), "2026-11-30T23:59:59Z");
    }
}
