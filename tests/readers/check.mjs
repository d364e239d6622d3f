// check.mjs FACTS.json: reads every table named there with three implementations that share no code with
// collectsim - Apache Arrow for JavaScript, Polars, DuckDB - and compares rows, types, missing values, sums and
// metadata with what collectsim says of them. Prints every disagreement; exit code 1 if there is one.
import {readFileSync} from 'node:fs';
import * as arrow from 'apache-arrow';
import {DuckDBInstance} from '@duckdb/node-api';
import {decompress} from 'fzstd';
import pl from 'nodejs-polars';

arrow.compressionRegistry.set(arrow.CompressionType.ZSTD, {decode: bytes => decompress(bytes).slice()});

const faults = [];
let compared = 0;
function same(where, got, want) {
	compared++;
	if (got !== want) faults.push(`${where}: ${got}, collectsim says ${want}`);
}

// Sums of floats depend on the order of addition: they may differ by the rounding of that many additions.
function close(where, got, column, rows) {
	compared++;
	const slack = rows * 2 ** -52 * column.abs_sum;
	if (!(Math.abs(Number(got) - column.sum) <= slack)) faults.push(`${where}: ${got}, collectsim says ${column.sum} within ${slack}`);
}

// One column as it was read: type is float, int or text; sum is of numbers, or of the bytes of texts.
function compareColumn(where, column, read, rows) {
	same(`${where}: type`, read.type, column.type);
	same(`${where}: missing`, read.nulls, column.nulls);
	if (column.type === 'float') close(`${where}: sum`, read.sum, column, rows);
	else same(`${where}: sum`, String(read.sum), column.exact_sum);
}

const bytes = new TextEncoder();
function total(values, type) {
	let nulls = 0, sum = type === 'float' ? 0 : 0n;
	for (const v of values) {
		if (v === null || v === undefined) nulls++;
		else if (type === 'text') sum += BigInt(bytes.encode(v).length);
		else if (type === 'int') sum += BigInt(v);
		else sum += v;
	}
	return {nulls, sum};
}

function withArrow(table) {
	const t = arrow.tableFromIPC(new Uint8Array(readFileSync(table.arrow)));
	same(`arrow: ${table.name}: rows`, t.numRows, table.rows);
	same(`arrow: ${table.name}: columns`, t.schema.fields.map(f => f.name).join(), table.columns.map(c => c.name).join());
	for (const [key, value] of Object.entries(table.metadata)) same(`arrow: ${table.name}: metadata ${key}`, t.schema.metadata.get(key), value);
	table.columns.forEach((column, i) => {
		const where = `arrow: ${table.name}.${column.name}`, field = t.schema.fields[i];
		const type = {Float64: 'float', Int64: 'int', Utf8: 'text', LargeUtf8: 'text'}[String(field.type)] ?? String(field.type);
		compareColumn(where, column, {type, ...total(t.getChildAt(i), type)}, table.rows);
		for (const key of ['unit', 'better', 'doc']) same(`${where}: ${key}`, field.metadata.get(key) ?? '', column[key]);
	});
}

function withPolars(table) {
	const d = pl.readIPC(readFileSync(table.arrow));
	same(`polars: ${table.name}: rows`, d.height, table.rows);
	same(`polars: ${table.name}: columns`, d.columns.join(), table.columns.map(c => c.name).join());
	for (const column of table.columns) {
		const s = d.getColumn(column.name), name = String(s.dtype);
		const type = /Float64/.test(name) ? 'float' : /Int64/.test(name) ? 'int' : /Utf8|String/.test(name) ? 'text' : name;
		compareColumn(`polars: ${table.name}.${column.name}`, column, {type, ...total(s.toArray(), type)}, table.rows);
	}
}

async function withDuckDB(db, table) {
	const quote = s => `"${s.replaceAll('"', '""')}"`, file = `'${table.parquet.replaceAll("'", "''")}'`;
	const ask = async sql => (await db.runAndReadAll(sql)).getRows();
	same(`duckdb: ${table.name}: rows`, String((await ask(`select count(*) from ${file}`))[0][0]), String(table.rows));
	const described = await ask(`describe select * from ${file}`);
	same(`duckdb: ${table.name}: columns`, described.map(r => r[0]).join(), table.columns.map(c => c.name).join());
	const sums = table.columns.map((c, i) => {
		const n = quote(c.name), value = c.type === 'text' ? `octet_length(encode(${n}))` : n;
		return `count(*) - count(${n}) as n${i}, coalesce(sum(${value}), 0) as s${i}`;
	});
	const row = (await ask(`select ${sums.join()} from ${file}`))[0];
	table.columns.forEach((column, i) => {
		const type = {DOUBLE: 'float', BIGINT: 'int', VARCHAR: 'text'}[described[i][1]] ?? described[i][1];
		compareColumn(`duckdb: ${table.name}.${column.name}`, column, {type, nulls: Number(row[2 * i]), sum: row[2 * i + 1]}, table.rows);
	});
	const found = Object.fromEntries((await ask(`select decode(key), decode(value) from parquet_kv_metadata(${file})`)));
	for (const [key, value] of Object.entries(table.metadata)) same(`duckdb: ${table.name}: metadata ${key}`, found[key], value);
}

const facts = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const db = await (await DuckDBInstance.create(':memory:')).connect();
for (const table of facts.tables) {
	for (const read of [withArrow, withPolars, t => withDuckDB(db, t)]) {
		try {
			await read(table);
		} catch (e) {
			faults.push(`${table.name}: ${e.stack}`);
		}
	}
}
for (const f of faults) console.log(f);
console.log(`${facts.tables.length} tables, ${compared} comparisons, ${faults.length} disagreements`);
process.exitCode = faults.length > 0 || compared === 0 ? 1 : 0;
