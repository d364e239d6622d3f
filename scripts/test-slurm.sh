#!/usr/bin/env bash
# Shows that docs/cluster/sweep.sbatch works: starts Slurm on this machine, submits a sweep as an array of
# 4, merges, and compares with the sweep in one piece. Needs root or sudo, and the programs of Debian's
# slurm-wlm and munge; installs nothing, leaves nothing behind. COLLECTSIM may name the binary (default: it is built).
set -euo pipefail
cd "$(dirname "$0")/.."

PATH=$PATH:/usr/sbin:/sbin
for program in sbatch squeue sinfo scontrol slurmctld slurmd munged; do
	command -v "$program" >/dev/null || { echo "test-slurm: $program is not installed (Debian: slurm-wlm munge)" >&2; exit 3; }
done
if [ -z "${COLLECTSIM:-}" ]; then
	go build -o bin/collectsim ./cmd/collectsim
	COLLECTSIM=$PWD/bin/collectsim
fi
if [ "$(id -u)" -ne 0 ]; then
	exec sudo -n env "PATH=$PATH" "COLLECTSIM=$COLLECTSIM" bash scripts/test-slurm.sh
fi
export COLLECTSIM

work=$(mktemp -d)
chmod 755 "$work"
pids=()
finish() {
	local code=$?
	if [ "$code" -ne 0 ]; then
		tail -n 20 "$work"/*.log >&2 || true
	fi
	for pid in "${pids[@]}"; do
		kill "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
	done
	rm -rf "$work"
	[ "$code" -eq 0 ] || echo "test-slurm: FAILED" >&2
}
trap finish EXIT

wait_for() { # wait_for SECONDS COMMAND...: until it succeeds
	local end=$((SECONDS + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$end" ] || { echo "test-slurm: waited in vain for: $*" >&2; return 1; }
		sleep 0.3
	done
}

# A key, a controller and a node of our own, on ports of our own.
host=$(hostname -s)
dd if=/dev/urandom of="$work/munge.key" bs=1024 count=1 status=none
chmod 600 "$work/munge.key"
cat >"$work/slurm.conf" <<CONF
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmctldPort=$((20000 + $$ % 10000))
SlurmdPort=$((30000 + $$ % 10000))
AuthType=auth/munge
AuthInfo=socket=$work/munge.socket
CredType=cred/munge
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SchedulerType=sched/backfill
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
ReturnToService=2
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=test Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
mkdir "$work/state" "$work/spool"
export SLURM_CONF=$work/slurm.conf

munged --foreground --force --key-file="$work/munge.key" --socket="$work/munge.socket" --pid-file="$work/munged.pid" \
	--log-file="$work/munged.log" --seed-file="$work/munged.seed" >"$work/munged.out.log" 2>&1 &
pids+=($!)
wait_for 20 test -S "$work/munge.socket"
slurmctld -D -f "$work/slurm.conf" >"$work/slurmctld.log" 2>&1 &
pids+=($!)
wait_for 30 scontrol ping
# Versions differ in how a node does without cgroups, which containers often lack.
up() { sinfo -h -o %t | grep -qx 'idle\|alloc\|mix'; }
for plugin in cgroup/v1 disabled autodetect; do
	echo "CgroupPlugin=$plugin" >"$work/cgroup.conf"
	slurmd -D -f "$work/slurm.conf" -N "$host" >"$work/slurmd.log" 2>&1 &
	slurmd=$!
	if wait_for 20 up; then
		break
	fi
	kill "$slurmd" 2>/dev/null || true
	wait "$slurmd" 2>/dev/null || true
done
pids+=("$slurmd")
up
echo "slurm $(sbatch --version | cut -d' ' -f2) is up: $(sinfo -h -o '%n %c cpus %t')"

sweep=(sweep default --accounts 200 --replications 4 --horizon 60 --vary teams.visit.agents=1,2,4
	--vary strategies.home-visits.stages.visit.first_day=5:20:5 --quiet)
submit() { # submit ARRAY: prints the id of the job
	sbatch --parsable --array="$1" --cpus-per-task=1 --chdir="$work" --output="$work/task-%A_%a.log" \
		--export=ALL,OUT="$work/parts" docs/cluster/sweep.sbatch "${sweep[@]}"
}
finished() { # finished JOB: none of its tasks waits or runs
	[ -z "$(squeue -h -j "$1" 2>/dev/null)" ]
}
job=$(submit 1-4)
wait_for 300 finished "$job"
for i in 1 2 3 4; do
	test -f "$work/parts/part-$i/manifest.json" || { echo "test-slurm: task $i wrote no folder" >&2; exit 1; }
done
"$COLLECTSIM" merge "$work"/parts/part-* -o "$work/merged" --quiet >/dev/null
"$COLLECTSIM" "${sweep[@]}" -o "$work/whole" >/dev/null
diff -r --exclude=manifest.json "$work/whole" "$work/merged"
files=$(find "$work/merged" -type f ! -name manifest.json | wc -l)
[ "$files" -ge 2 ]

# A requeued array finds its work done.
before=$(cat "$work"/parts/part-*/manifest.json | sha256sum)
job=$(submit 1-4)
wait_for 300 finished "$job"
[ "$before" = "$(cat "$work"/parts/part-*/manifest.json | sha256sum)" ]
echo "test-slurm: passed: an array of 4 merged to the same $files files as one machine; started again, it did nothing"
