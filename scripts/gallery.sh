#!/usr/bin/env bash
# gallery.sh DIR: writes DIR/gallery.md and DIR/gallery/*.svg, one picture per kind of chart, from small runs
# with fixed seeds. The same program gives the same bytes. Needs bin/collectsim.
set -euo pipefail
cd "$(dirname "$0")/.."
into=${1:?usage: gallery.sh DIR}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

tool() { bin/collectsim "$@" --quiet >/dev/null; }
small="--accounts 2000 --horizon 180 --no-charts"
# shellcheck disable=SC2086 # one word a flag
{
	tool run -o "$work/run" $small --replications 40 --accounts-table
	tool run -o "$work/recession" $small --replications 40 --set borrowers.macro.level=1.6
	tool run -o "$work/growing" --accounts 2000 --horizon 360 --no-charts --replications 40 --set portfolio.new_loans.per_month=0.055
	tool sweep -o "$work/sweep" $small --replications 8 --vary teams.visit.wage=0.5,1,2,3,4,5
	tool sensitivity -o "$work/oneway" --accounts 1000 --replications 8 --method oneway --levels 3 \
		--vary channels.visit.effect=range --vary channels.call.effect=range --vary channels.sms.effect=range \
		--vary borrowers.stress.contact_scale=range --vary teams.visit.agents=2..8
	tool sensitivity -o "$work/twoway" --accounts 1000 --replications 8 --method twoway --levels 5 \
		--vary channels.visit.effect=range --vary channels.call.effect=range
}

rm -rf "$into/gallery"
mkdir -p "$into/gallery"
picture() { tool chart "$work/$1" --kind "$2" -o "$into/gallery/$2.svg" "${@:3}"; }

# from KIND says how its picture was made; it prints the command for the reader.
draw() {
	case $1 in
	overdue) picture run overdue --overlay "$work/recession" --overlay-name recession && echo 'chart out --kind overdue --overlay out-recession' ;;
	fairness) picture run fairness --dimension product && echo 'chart out --kind fairness --dimension product' ;;
	forest) picture run forest --metric net_value && echo 'chart out --kind forest --metric net_value' ;;
	roll-rates) picture run roll-rates --strategy tiered-escalation && echo 'chart out --kind roll-rates --strategy tiered-escalation' ;;
	vintage) picture growing vintage && echo 'run -o out --set portfolio.new_loans.per_month=0.055, then chart out --kind vintage' ;;
	sweep | break-even) picture sweep "$1" && echo "chart out-sweep --kind $1" ;;
	tornado) cp "$work/oneway/tornado.svg" "$into/gallery/" && echo 'sensitivity -o out-sensitivity --method oneway' ;;
	best-map) cp "$work/twoway/best-map.svg" "$into/gallery/" && echo 'sensitivity -o out-sensitivity --method twoway' ;;
	distress | individual) picture run "$1" && echo "run -o out --accounts-table, then chart out --kind $1" ;;
	*) picture run "$1" && echo "chart out --kind $1" ;;
	esac
}

{
	echo '# Gallery of charts'
	echo
	echo 'One picture per kind, drawn by `make gallery` from small runs of the default scenario (2,000 accounts, 40 replications).'
	echo 'They show what a chart looks like; their numbers are those of the assumptions in the default scenario.'
	echo '`collectsim chart --help` names the options, `collectsim report` puts most of them on one page.'
	bin/collectsim list charts --format csv | tail -n +2 | while IFS=, read -r kind _; do
		about=$(bin/collectsim list charts | sed -n "s/^$kind  *//p")
		made=$(draw "$kind")
		printf '\n## %s\n\n%s.\n\n![%s](gallery/%s.svg)\n\n' "$kind" "${about^}" "$about" "$kind"
		printf '`collectsim %s`\n' "$made"
	done
} >"$work/gallery.md"
mv "$work/gallery.md" "$into/gallery.md"
