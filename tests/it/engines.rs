//! A study of 64 units on real engines, one shard of it killed and tried again: the same bytes as on one machine.
//!
//! Where an engine is not installed its test is skipped with a word; `FIVEP_ENGINES` in the environment, as in `.ci/run`, makes that a failure.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::studies::{bytes, finished, fivep, folder, run, stderr};

const SHARDS: &str = "16";

/// The options of the study, for `plan`; those of `studies::RUN`.
const STUDY: [&str; 11] = ["borderland", "--only", "open-shelters", "--scale", "20", "--from", "2015-10", "--to", "2016-06", "--replicates", "64"];

/// True where `program` starts; where it must and does not, the test fails.
fn installed(program: &str, args: &[&str], what: &str) -> bool {
    let there = Command::new(program).args(args).output().is_ok_and(|output| output.status.success());
    if !there {
        assert!(std::env::var_os("FIVEP_ENGINES").is_none(), "{what} is required here and is not installed");
        println!("skipped: {what} is not installed");
    }
    there
}

/// Plans the study in `home` and writes the job file of `engine`.
fn submitted(home: &Path, engine: &str) -> PathBuf {
    let plan = fivep(home, &["plan", "--study", "study"]).args(STUDY).output().expect("it starts");
    assert_eq!(plan.status.code(), Some(0), "{}", stderr(&plan));
    let job = fivep(home, &["submit", "study", "--engine", engine, "--shards", SHARDS]).output().expect("it starts");
    assert_eq!(job.status.code(), Some(0), "{}", stderr(&job));
    home.join(format!("study/submit-{engine}.sh"))
}

/// Merges the study in `home` and holds it against a run on one machine.
fn merged(home: &Path) {
    let merged = fivep(home, &["merge", "study"]).output().expect("it starts");
    assert_eq!(merged.status.code(), Some(0), "{}", stderr(&merged));
    let alone = finished(home, &run(home, &["--replicates", "64"]));
    assert!(bytes(&home.join("study")) == bytes(&alone));
}

/// How many units the study in `home` has.
fn units(home: &Path) -> usize {
    let names = fs::read_dir(home.join("study/units")).into_iter().flatten().flatten();
    names.filter(|entry| !entry.file_name().to_string_lossy().starts_with('.')).count()
}

/// Waits until `ready`.
fn wait(what: &str, mut ready: impl FnMut() -> bool) {
    let began = Instant::now();
    while !ready() {
        assert!(began.elapsed() < Duration::from_mins(5), "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The program that computes `shard` of the study in `home`, if it is at work; Linux shows what processes were started with.
fn at_work(home: &Path, shard: &str) -> Option<String> {
    let study = home.join("study").canonicalize().ok()?;
    let (study, shard) = (study.to_str()?.to_owned(), format!("{shard}/{SHARDS}"));
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    processes.map(|entry| entry.file_name().to_string_lossy().into_owned()).find(|process| {
        let started = fs::read_to_string(format!("/proc/{process}/cmdline")).unwrap_or_default();
        let words: Vec<&str> = started.split('\0').collect();
        words.get(1) == Some(&"run") && words.contains(&study.as_str()) && words.contains(&shard.as_str())
    })
}

/// Asks the program that computes `shard` to stop, as a queue does that needs its place.
fn disturb(home: &Path, shard: &str) {
    let mut found = None;
    wait("the shard starts", || {
        found = at_work(home, shard);
        found.is_some()
    });
    let process = found.expect("it was waited for");
    // It may just have ended by itself, which is no harm.
    let _ = Command::new("kill").args(["-TERM", &process]).stderr(Stdio::null()).status();
}

#[cfg(target_os = "linux")]
#[test]
fn parallel_computes_a_study() {
    if !installed("parallel", &["--version"], "GNU parallel") {
        return;
    }
    let home = folder();
    let job = submitted(home.path(), "parallel");
    // Its name, and no --will-cite: whoever uses it for a paper is asked by it to cite it.
    let mut child = Command::new("sh").arg(&job).env("JOBS", "2").stdin(Stdio::null()).stderr(Stdio::null()).spawn().expect("a shell");
    disturb(home.path(), "3");
    assert!(child.wait().expect("it ends").success());
    merged(home.path());
}

/// `HyperQueue` comes with a server and a worker for Python; its command-line program, where it is installed, reads the same job file.
#[cfg(target_os = "linux")]
#[test]
fn hyperqueue_computes_a_study() {
    let python = std::env::var("FIVEP_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    if !installed(&python, &["-c", "import hyperqueue"], "HyperQueue") {
        return;
    }
    let home = folder();
    let job = submitted(home.path(), "hyperqueue");
    // Tasks are numbered from 0 there and from 1 by the job file, so that the first has nothing to do.
    let program = format!(
        "from hyperqueue import LocalCluster, Job\nfrom hyperqueue.cluster import WorkerConfig\nwith LocalCluster() as cluster:\n    \
         cluster.start_worker(WorkerConfig(cores=2))\n    client = cluster.client()\n    job = Job()\n    job.program(['true'])\n    \
         for _ in range({SHARDS}):\n        job.program(['sh', {:?}])\n    client.wait_for_jobs([client.submit(job)])\n",
        job.to_str().expect("a plain path")
    );
    let child = Command::new(&python).args(["-c", &program]).current_dir(home.path()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn();
    let child = child.expect("it starts");
    disturb(home.path(), "3");
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{}", stderr(&output));
    merged(home.path());
}

/// A cluster of one machine: munge, a controller and a node, which end with it.
struct Cluster {
    home: tempfile::TempDir,
    daemons: Vec<Child>,
}

impl Cluster {
    fn start() -> Self {
        let home = folder();
        let at = |name: &str| home.path().join(name).display().to_string();
        let say =
            |program: &str, args: &[&str]| String::from_utf8(Command::new(program).args(args).output().expect("it starts").stdout).expect("text");
        let (user, host) = (say("id", &["-un"]), say("hostname", &["-s"]));
        let [controller, node] =
            std::array::from_fn(|_| TcpListener::bind("127.0.0.1:0").expect("a port")).map(|port| port.local_addr().expect("a port").port());
        let config = format!(
            "ClusterName=loopback\nSlurmctldHost={host}(127.0.0.1)\nAuthType=auth/munge\nAuthInfo=socket={socket}\nSlurmUser={user}\nSlurmdUser={user}\n\
             StateSaveLocation={state}\nSlurmdSpoolDir={spool}\nSlurmctldPidFile={state}/controller.pid\nSlurmdPidFile={state}/node.pid\n\
             SlurmctldPort={controller}\nSlurmdPort={node}\nProctrackType=proctrack/pgid\nTaskPlugin=task/none\nMpiDefault=none\n\
             SelectType=select/cons_tres\nSelectTypeParameters=CR_Core\nSlurmdParameters=config_overrides\nReturnToService=2\n\
             SchedulerParameters=batch_sched_delay=0\nNodeName={host} NodeAddr=127.0.0.1 CPUs=2 RealMemory=4000\nPartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP\n",
            socket = at("munge.socket"),
            state = at("state"),
            spool = at("spool"),
            host = host.trim(),
            user = user.trim(),
        );
        fs::write(home.path().join("slurm.conf"), config).expect("writable");
        // A key for nobody but this test.
        fs::write(home.path().join("munge.key"), [7; 64]).expect("writable");
        assert!(Command::new("chmod").args(["400", &at("munge.key")]).status().expect("it starts").success());
        for name in ["state", "spool"] {
            fs::create_dir(home.path().join(name)).expect("writable");
        }
        let log = |name: &str| fs::File::create(home.path().join(name)).expect("writable");
        let start = |program: &str, args: &[&str]| {
            let log = log(&format!("{program}.log"));
            Command::new(program)
                .args(args)
                .env("SLURM_CONF", at("slurm.conf"))
                .stdin(Stdio::null())
                .stdout(log.try_clone().expect("a file"))
                .stderr(log)
                .spawn()
                .expect("it starts")
        };
        let file = |option: &str, name: &str| format!("--{option}={}", at(name));
        let munge = [
            ("socket", "munge.socket"),
            ("key-file", "munge.key"),
            ("pid-file", "munge.pid"),
            ("log-file", "munge.log"),
            ("seed-file", "munge.seed"),
        ];
        let munge: Vec<String> = munge.iter().map(|(option, name)| file(option, name)).collect();
        let args: Vec<&str> = ["--foreground", "--force"].into_iter().chain(munge.iter().map(String::as_str)).collect();
        let mut daemons = vec![start("munged", &args)];
        wait("munge starts", || home.path().join("munge.socket").exists());
        daemons.push(start("slurmctld", &["-D", "-c"]));
        daemons.push(start("slurmd", &["-D", "-c"]));
        let cluster = Self { home, daemons };
        wait("the node is idle", || cluster.ask("sinfo", &["-h", "-o", "%T"]).contains("idle"));
        cluster
    }

    /// What a command of Slurm's answers.
    fn ask(&self, program: &str, args: &[&str]) -> String {
        let config = self.home.path().join("slurm.conf");
        let output = Command::new(program).args(args).env("SLURM_CONF", config).current_dir(self.home.path()).output().expect("it starts");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        for daemon in self.daemons.iter_mut().rev() {
            let _ = daemon.kill();
            let _ = daemon.wait();
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn slurm_computes_a_study() {
    // Slurm's own commands answer nothing without a cluster, so that it is only asked whether they are there.
    let all = ["slurmctld", "slurmd", "sbatch", "munged"];
    if !all.iter().all(|program| installed("sh", &["-c", &format!("command -v {program}")], "Slurm with munge")) {
        return;
    }
    let home = folder();
    let job = submitted(home.path(), "slurm");
    let cluster = Cluster::start();
    let number = cluster.ask("sbatch", &["--parsable", job.to_str().expect("a plain path")]);
    wait("the first unit is kept", || units(home.path()) > 0);
    // Whatever runs just now is killed, and waits for a minute or two unless told not to.
    let running = cluster.ask("squeue", &["-h", "-t", "running", "-o", "%F_%K", "-j", &number]);
    let shard = running.lines().next().unwrap_or_default().to_owned();
    assert!(!shard.is_empty() && number.chars().all(|digit| digit.is_ascii_digit()), "`{number}` runs");
    cluster.ask("scontrol", &["requeue", &shard]);
    let mut last = Instant::now();
    wait("all shards are done", || {
        if last.elapsed() > Duration::from_secs(1) {
            last = Instant::now();
            cluster.ask("scontrol", &["update", &format!("jobid={shard}"), "StartTime=now"]);
        }
        cluster.ask("squeue", &["-h", "-j", &number]).is_empty()
    });
    merged(home.path());
}
