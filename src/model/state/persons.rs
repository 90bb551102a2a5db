//! Persons, by the cells that the monthly die is rolled for.
//!
//! How many persons are in each cell is kept alongside, so that the truth ledger costs no pass of its own. Debts
//! are settled whenever wage, rate or state changes ([`Persons::settle`]); their bands are brought up to date by
//! the calendar.

use super::cells::{Cell, Cells, Exploitation, Legal, MAX_DEBT, Whereabouts, band};
use super::debts::Debts;
use super::{NEVER, NONE};

/// How many persons are fetched at a time: few enough to stay in the first-level cache until they are looked at.
pub const BATCH: usize = 256;

/// The employer's documents are held by the employer.
pub const DOCUMENTS: u8 = 1;
/// The debt is a bond to the employer.
pub const BOND: u8 = 2;
/// The worker is locked in.
pub const LOCKED: u8 = 4;
const WOMAN: u8 = 8;
const MINOR: u8 = 16;
const HOLDER: u8 = 32 | 64;
const DETAINED_VICTIM: u8 = 128;

/// To whom a debt is owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// Nobody.
    Nobody,
    /// Family or a lender at home.
    Lender,
    /// The recruiter.
    Recruiter,
    /// The employer, who took it over.
    Employer,
}

/// How persons are laid out: origins follow each other, citizens last, and members of a community are
/// neighbours.
#[derive(Clone, Debug)]
pub struct Layout {
    /// The first person of each origin, then of the citizens, then one past the last person.
    pub starts: Vec<u32>,
    /// The first community of each origin, then of the citizens, then one past the last community.
    pub community_starts: Vec<u32>,
    /// Members of a community (the last of an origin may be smaller).
    pub community_size: u32,
}

impl Layout {
    /// The origin of `person`; citizens come after the last origin.
    #[must_use]
    pub fn origin(&self, person: u32) -> usize {
        self.starts[1..].iter().take_while(|start| **start <= person).count()
    }

    /// The community of `person`.
    #[must_use]
    pub fn community(&self, person: u32) -> usize {
        let origin = self.origin(person);
        (self.community_starts[origin] + (person - self.starts[origin]) / self.community_size) as usize
    }

    /// The members of `community`.
    #[must_use]
    pub fn members(&self, community: usize) -> std::ops::Range<u32> {
        let community = community as u32;
        let origin = self.community_starts[1..].iter().take_while(|start| **start <= community).count();
        let first = self.starts[origin] + (community - self.community_starts[origin]) * self.community_size;
        first..(first + self.community_size).min(self.starts[origin + 1])
    }
}

/// What is remembered of a person beyond the cell and the employer, which are read for everybody.
///
/// The one exception to a `Vec` for each state variable: whoever looks at one of these looks at several, and in a
/// nation each look is a wait for memory. Sixteen bytes side by side are one wait.
#[derive(Clone, Copy, Debug)]
#[repr(align(16))]
pub struct Record {
    /// The recruiter who placed the person last, or [`NONE`].
    pub recruiter: u32,
    debt: f32,
    debt_month: u16,
    /// The month of the last change of whereabouts or exploitation.
    pub since: u16,
    /// The month in which the permit lapses, or [`NEVER`].
    pub permit: u16,
    flags: u8,
    /// How often the person has been exploited by force.
    pub times: u8,
}

/// All persons.
#[derive(Clone, Debug)]
pub struct Persons {
    /// How cells are numbered.
    pub cells: Cells,
    /// How persons are laid out.
    pub layout: Layout,
    /// Terms and sums of debt.
    pub debts: Debts,
    /// Each person's cell.
    pub cell: Vec<u16>,
    /// How many persons are in each cell.
    pub in_cell: Vec<u32>,
    /// The employer worked for, or [`NONE`].
    pub employer: Vec<u32>,
    /// What else is remembered of each person.
    pub records: Vec<Record>,
    /// Persons whose debt crosses into another band, by month.
    crossings: Vec<Vec<u32>>,
    /// Persons whose permit lapses, by month.
    pub lapses: Vec<Vec<u32>>,
    /// Persons who fled in a panic and come back through a broker, by month.
    pub comebacks: Vec<Vec<u32>>,
}

impl Persons {
    /// Nobody's state yet: everybody at home, owing nothing.
    ///
    /// # Panics
    /// If the layout has no end; [`initialisation`](super::super::initialisation) always gives it one.
    #[must_use]
    pub fn new(cells: Cells, layout: Layout, debts: Debts, months: usize) -> Self {
        let n = *layout.starts.last().expect("a layout ends with its end") as usize;
        Self {
            cells,
            layout,
            debts,
            cell: vec![0; n],
            in_cell: vec![0; cells.count()],
            employer: vec![NONE; n],
            records: vec![Record { recruiter: NONE, debt: 0.0, debt_month: 0, since: 0, permit: NEVER, flags: 0, times: 0 }; n],
            crossings: vec![Vec::new(); months + 1],
            lapses: vec![Vec::new(); months + 1],
            comebacks: vec![Vec::new(); months + 1],
        }
    }

    /// How many persons (agents) there are.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.cell.len() as u32
    }

    /// True if there is nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cell.is_empty()
    }

    /// What `person`'s cell says.
    #[must_use]
    pub fn at(&self, person: u32) -> Cell {
        self.cells.decode(self.cell[person as usize])
    }

    /// Asks memory for all that is known of `persons`, who are about to be looked at one by one.
    ///
    /// A nation does not fit into a cache, so each person looked at would be waited for. Here no look depends on
    /// another, and the processor waits for many at once. It changes nothing.
    pub fn fetch(&self, persons: impl Iterator<Item = u32>) {
        let known = |person: u32| {
            let i = person as usize;
            u32::from(self.cell[i]) ^ self.employer[i] ^ self.records[i].recruiter
        };
        std::hint::black_box(persons.fold(0, |all, person| all ^ known(person)));
    }

    /// Everybody whose cell is as `wanted`, in order. One pass over the codes; `wanted` is asked once a cell.
    #[must_use]
    pub fn select(&self, wanted: impl Fn(Cell) -> bool) -> Vec<u32> {
        let is_wanted = |(code, held): (usize, &u32)| *held > 0 && wanted(self.cells.decode(code as u16));
        let table: Vec<bool> = self.in_cell.iter().enumerate().map(is_wanted).collect();
        (0u32..).zip(&self.cell).filter(|(_, code)| table[usize::from(**code)]).map(|(person, _)| person).collect()
    }

    /// How many persons are in cells as `wanted`.
    #[must_use]
    pub fn count(&self, wanted: impl Fn(Cell) -> bool) -> u64 {
        let cells = self.in_cell.iter().zip(0u16..).filter(|(held, _)| **held > 0);
        cells.filter(|(_, code)| wanted(self.cells.decode(*code))).map(|(held, _)| u64::from(*held)).sum()
    }

    /// Everybody who works for one of `employers`, in order.
    #[must_use]
    pub fn workers_of(&self, employers: &[u32], slots: usize) -> Vec<u32> {
        if employers.is_empty() {
            return Vec::new();
        }
        let mut chosen = vec![0u64; slots / 64 + 1];
        for employer in employers {
            chosen[*employer as usize / 64] |= 1 << (employer % 64);
        }
        // Nobody's employer reads the bit past the last slot, which is never set: no branch to mispredict.
        let works = |employer: u32| {
            let slot = (employer as usize).min(slots);
            chosen[slot / 64] >> (slot % 64) & 1 == 1
        };
        (0u32..).zip(&self.employer).filter(|(_, employer)| works(**employer)).map(|(person, _)| person).collect()
    }

    /// Gives `person` a first cell; for initialisation only.
    pub fn begin(&mut self, person: u32, cell: Cell) {
        let code = self.cells.encode(cell);
        self.cell[person as usize] = code;
        self.in_cell[usize::from(code)] += 1;
    }

    fn set_cell(&mut self, person: u32, cell: Cell) {
        let new = self.cells.encode(cell);
        let old = std::mem::replace(&mut self.cell[person as usize], new);
        self.in_cell[usize::from(old)] -= 1;
        self.in_cell[usize::from(new)] += 1;
    }

    /// Moves `person` to `cell` in `month`: the debt is settled under the old terms first, and the new
    /// cell's band is what the debt says, whatever `cell.band` holds.
    pub fn change(&mut self, person: u32, cell: Cell, month: u16) {
        let old = self.at(person);
        if old.whereabouts == cell.whereabouts && old.exploitation == cell.exploitation {
            // The terms of the debt stay, and so do its band and the date of its next crossing.
            self.set_cell(person, Cell { band: old.band, ..cell });
            return;
        }
        let debt = self.settle(person, month);
        self.records[person as usize].since = month;
        self.set_cell(person, Cell { band: band(debt), ..cell });
        self.schedule_crossing(person, debt, cell.whereabouts, cell.exploitation, month);
    }

    /// The debt of `person` in `month`, in W.
    #[must_use]
    pub fn debt(&self, person: u32, month: u16) -> f64 {
        let i = person as usize;
        let base = f64::from(self.records[i].debt);
        if base <= 0.0 {
            return 0.0;
        }
        let cell = self.at(person);
        let months = usize::from(month - self.records[i].debt_month);
        self.debts.after(base, self.debts.pay(cell.whereabouts, cell.exploitation), months)
    }

    /// Brings the debt of `person` up to `month`, booking what was accrued and repaid, and returns it.
    pub fn settle(&mut self, person: u32, month: u16) -> f64 {
        let i = person as usize;
        let base = f64::from(self.records[i].debt);
        let months = usize::from(month - self.records[i].debt_month);
        self.records[i].debt_month = month;
        if base <= 0.0 || months == 0 {
            return base.max(0.0);
        }
        let cell = self.at(person);
        let pay = self.debts.pay(cell.whereabouts, cell.exploitation);
        let settled = self.debts.after(base, pay, months);
        if settled > 0.0 && settled < MAX_DEBT {
            // Never clipped, so every repayment was made in full.
            let paid = pay * months as f64;
            self.debts.repaid += paid;
            self.debts.accrued += settled - base + paid;
            self.debts.relieved += settled - f64::from(settled as f32);
            self.records[i].debt = settled as f32;
            return f64::from(settled as f32);
        }
        let mut owed = base;
        for _ in 0..months {
            let interest = owed * self.debts.interest;
            let paid = pay.min(owed + interest);
            let next = owed + interest - paid;
            self.debts.accrued += interest;
            self.debts.repaid += paid;
            self.debts.relieved += (next - MAX_DEBT).max(0.0);
            owed = next.min(MAX_DEBT);
        }
        let settled = settled as f32;
        // What rounding to 32 bits takes or gives is booked too: money owed is conserved.
        self.debts.relieved += owed - f64::from(settled);
        self.records[i].debt = settled;
        f64::from(settled)
    }

    /// `person` takes up `amount` of debt (in W) owed to `holder`; what lies beyond 6W nobody lends.
    pub fn borrow(&mut self, person: u32, amount: f64, holder: Holder, month: u16) {
        let before = self.settle(person, month);
        let after = ((before + amount).min(MAX_DEBT)) as f32;
        self.debts.borrowed += f64::from(after) - before;
        self.set_debt(person, after, month);
        if amount > 0.0 {
            self.set_holder(person, holder);
        }
    }

    /// Relieves `person` of up to `amount` of debt, in W; returns how much was relieved.
    pub fn relieve(&mut self, person: u32, amount: f64, month: u16) -> f64 {
        let before = self.settle(person, month);
        let after = (before - amount).max(0.0) as f32;
        let relieved = before - f64::from(after);
        self.debts.relieved += relieved;
        self.set_debt(person, after, month);
        relieved
    }

    fn set_debt(&mut self, person: u32, debt: f32, month: u16) {
        let i = person as usize;
        self.records[i].debt = debt;
        self.records[i].debt_month = month;
        let cell = self.at(person);
        let new = band(f64::from(debt));
        if new != cell.band {
            self.set_cell(person, Cell { band: new, ..cell });
        }
        if debt <= 0.0 {
            self.set_holder(person, Holder::Nobody);
        }
        self.schedule_crossing(person, f64::from(debt), cell.whereabouts, cell.exploitation, month);
    }

    fn schedule_crossing(&mut self, person: u32, debt: f64, whereabouts: Whereabouts, exploitation: Exploitation, month: u16) {
        let pay = self.debts.pay(whereabouts, exploitation);
        if let Some(months) = self.debts.months_to_crossing(debt, pay)
            && let Some(bucket) = self.crossings.get_mut(usize::from(month) + months)
        {
            bucket.push(person);
        }
    }

    /// Brings the debt bands of everybody whose debt crosses an edge by `month` up to date. A stale entry
    /// finds the band right already and is dropped.
    pub fn cross_bands(&mut self, month: u16) {
        for batch in std::mem::take(&mut self.crossings[usize::from(month)]).chunks(BATCH) {
            self.fetch(batch.iter().copied());
            for person in batch {
                self.cross_band(*person, month);
            }
        }
    }

    fn cross_band(&mut self, person: u32, month: u16) {
        let debt = self.debt(person, month);
        let cell = self.at(person);
        let new = band(debt);
        if new != cell.band {
            self.set_cell(person, Cell { band: new, ..cell });
            if new == 0 {
                self.settle(person, month);
                self.set_holder(person, Holder::Nobody);
            }
            self.schedule_crossing(person, debt, cell.whereabouts, cell.exploitation, month);
        } else if self.next_is_near(debt, cell) {
            // The crossing lies within a month of the estimate, which rounds down.
            self.schedule_crossing(person, debt, cell.whereabouts, cell.exploitation, month);
        }
    }

    fn next_is_near(&self, debt: f64, cell: Cell) -> bool {
        self.debts.months_to_crossing(debt, self.debts.pay(cell.whereabouts, cell.exploitation)) == Some(1)
    }

    /// `person` comes back within six months after `month`, at the quantile `u`, through a broker.
    pub fn come_back(&mut self, person: u32, month: u16, u: f64) {
        let back = usize::from(month) + 1 + (u * 6.0) as usize;
        if let Some(bucket) = self.comebacks.get_mut(back) {
            bucket.push(person);
        }
    }

    /// The sum of all debts in `month`, in W (agents).
    #[must_use]
    pub fn total_debt(&self, month: u16) -> f64 {
        (0..self.len()).map(|person| self.debt(person, month)).sum()
    }

    /// True for women and girls.
    #[must_use]
    pub fn woman(&self, person: u32) -> bool {
        self.records[person as usize].flags & WOMAN != 0
    }

    /// True for minors: a fixed cohort type, since nobody ages in the model.
    #[must_use]
    pub fn minor(&self, person: u32) -> bool {
        self.records[person as usize].flags & MINOR != 0
    }

    /// Sets sex and age group, once.
    pub fn set_type(&mut self, person: u32, woman: bool, minor: bool) {
        let flags = &mut self.records[person as usize].flags;
        *flags = (*flags & !(WOMAN | MINOR)) | if woman { WOMAN } else { 0 } | if minor { MINOR } else { 0 };
    }

    /// True for somebody who was exploited when detained as an offender.
    #[must_use]
    pub fn detained_victim(&self, person: u32) -> bool {
        self.records[person as usize].flags & DETAINED_VICTIM != 0
    }

    /// Remembers until detention ends whether `person` was exploited when detained.
    pub fn mark_detained_victim(&mut self, person: u32, victim: bool) {
        let flags = &mut self.records[person as usize].flags;
        *flags = (*flags & !DETAINED_VICTIM) | if victim { DETAINED_VICTIM } else { 0 };
    }

    /// How `person` is confined: a sum of [`DOCUMENTS`], [`BOND`], [`LOCKED`].
    #[must_use]
    pub fn confinement(&self, person: u32) -> u8 {
        self.records[person as usize].flags & (DOCUMENTS | BOND | LOCKED)
    }

    /// Sets how `person` is confined.
    pub fn confine(&mut self, person: u32, confinement: u8) {
        let flags = &mut self.records[person as usize].flags;
        *flags = (*flags & !(DOCUMENTS | BOND | LOCKED)) | confinement;
    }

    /// To whom `person` owes the debt.
    #[must_use]
    pub fn holder(&self, person: u32) -> Holder {
        match self.records[person as usize].flags & HOLDER {
            0 => Holder::Nobody,
            32 => Holder::Lender,
            64 => Holder::Recruiter,
            _ => Holder::Employer,
        }
    }

    /// Sets to whom `person` owes the debt.
    pub fn set_holder(&mut self, person: u32, holder: Holder) {
        let bits = match holder {
            Holder::Nobody => 0,
            Holder::Lender => 32,
            Holder::Recruiter => 64,
            Holder::Employer => HOLDER,
        };
        let flags = &mut self.records[person as usize].flags;
        *flags = (*flags & !HOLDER) | bits;
    }

    /// The place that stands for home (or the queue) in a cell of `person`.
    #[must_use]
    pub fn home_cell(&self, person: u32, whereabouts: Whereabouts) -> Cell {
        let origin = self.layout.origin(person);
        let citizen = origin + 2 == self.layout.starts.len();
        Cell {
            whereabouts,
            exploitation: Exploitation::None,
            legal: if citizen { Legal::Citizen } else { Legal::Irregular },
            band: 0,
            tercile: 0,
            sector: u8::from(self.minor(person)),
            zone: origin as u8,
        }
    }

    /// Gives `person` a permit until `until`, watched by the calendar.
    pub fn give_permit(&mut self, person: u32, until: u16) {
        self.records[person as usize].permit = until;
        if let Some(bucket) = self.lapses.get_mut(usize::from(until)) {
            bucket.push(person);
        }
    }
}
