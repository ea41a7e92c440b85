{%- macro land_raw() -%}
    {{ return(adapter.dispatch('land_raw', 'refurb')()) }}
{%- endmacro -%}


{%- macro default__land_raw() -%}
    {{ exceptions.raise_compiler_error(
        'Landing files is written for DuckDB and Spark. On ' ~ target.type ~ ', load the raw tables yourself.') }}
{%- endmacro -%}


{%- macro duckdb__land_raw() -%}
    {#- Every raw file is looked at before any model is: a file that cannot be trusted stops the
        build here, with all that is wrong in one message, and nothing that was built changes. -#}
    {%- if not execute or flags.WHICH not in ('build', 'run') -%}
        {{ return('') }}
    {%- endif -%}
    {%- set tables = raw_tables() -%}
    {%- set state = {'problems': [], 'files': [], 'landings': [], 'folder': raw_path()} -%}
    {%- if run_query("select current_setting('TimeZone')").columns[0].values()[0] != 'UTC' -%}
        {%- do state.problems.append(
            "the session's time zone is not UTC: set TimeZone: UTC in the settings of the profile.") -%}
    {%- endif -%}
    {%- if state.folder -%}
        {%- set found = raw_files_found(state.folder, tables, state.problems) -%}
        {%- for table in tables if found -%}
            {%- do check_needed_table(table, found, state.problems) -%}
            {%- do read_one_table(table, found.get(table), state) -%}
        {%- endfor -%}
    {%- else -%}
        {%- for table in tables -%}
            {%- do take_from_demo(table, state) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- do check_selection(state) -%}
    {%- if state.problems -%}
        {{ exceptions.raise_compiler_error(
            'The raw extracts cannot be read, nothing was built:\n  - '
            ~ state.problems | join('\n  - ')) }}
    {%- endif -%}
    {%- do run_query('drop schema if exists landing cascade') -%}
    {%- do run_query('create schema landing') -%}
    {%- for statement in state.landings -%}
        {%- do run_query(statement) -%}
    {%- endfor -%}
    {%- do remember_raw_files(state.files) -%}
    {{ return('') }}
{%- endmacro -%}


{%- macro raw_files_found(folder, tables, problems) -%}
    {%- set found = {} -%}
    {%- set paths = run_query(
        "select file from glob(" ~ sql_text(folder ~ '/*') ~ ") order by file").columns[0].values() -%}
    {%- for path in paths -%}
        {%- set file_name = (path | replace('\\', '/')).split('/')[-1] -%}
        {%- set table = file_name.rsplit('.', 1)[0] | lower -%}
        {%- set extension = file_name.rsplit('.', 1)[-1] | lower -%}
        {%- if extension in ('json', 'md', 'txt', 'yml') -%}
            {#- notes beside the extracts -#}
        {%- elif table not in tables or extension not in ('csv', 'parquet') -%}
            {%- do log(
                'note: ' ~ path ~ ' is not read: files are named like orders.csv or orders.parquet, '
                ~ 'after a table of the raw contract.', info=true) -%}
        {%- elif table in found -%}
            {%- do problems.append(
                found[table] ~ ' and ' ~ path ~ ' hold the same table: keep one of them.') -%}
        {%- else -%}
            {%- do found.update({table: path}) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if not found -%}
        {%- do problems.append(
            folder ~ ' holds no table of the raw contract: REFURB_RAW (or raw_path) must name the '
            ~ 'folder of files such as orders.csv or orders.parquet.') -%}
    {%- endif -%}
    {{ return(found) }}
{%- endmacro -%}


{%- macro read_one_table(table, path, state) -%}
    {%- set contract = raw_contract(table) -%}
    {%- set expected = contract.columns | map(attribute='name') | list -%}
    {%- if path is none -%}
        {%- if contract.is_mandatory -%}
            {%- do state.problems.append(
                state.folder ~ '/' ~ table ~ '.csv (or .parquet) is missing: without it no KPI can '
                ~ 'be computed. Export it with the columns ' ~ expected | join(', ') ~ '.') -%}
        {%- endif -%}
        {%- do state.landings.append(
            'create table landing.' ~ table ~ ' (' ~ expected | join(' varchar, ') ~ ' varchar)') -%}
    {%- elif path.lower().endswith('.parquet') -%}
        {#- binary: how some writers store text -#}
        {%- set read = 'select * from read_parquet(' ~ sql_text(path) ~ ', binary_as_string = true)' -%}
        {%- if not adapter.location_exists(path | replace("'", "''")) -%}
            {%- do state.problems.append(
                path ~ ' is not a complete Parquet file: it is empty, cut off or damaged. Copy or '
                ~ 'export it again.') -%}
        {%- else -%}
            {%- set header = run_query('describe ' ~ read).columns[0].values() | list -%}
            {%- do check_raw_header(path, header, expected, state.problems) -%}
        {%- endif -%}
        {%- do state.landings.append('create view landing.' ~ table ~ ' as ' ~ read) -%}
    {%- else -%}
        {%- do read_csv_file(table, path, expected, state.problems) -%}
        {%- do state.landings.append(
            'create table landing.' ~ table ~ ' as ' ~ incoming_rows(table)) -%}
        {%- do state.landings.append('drop table incoming_' ~ table) -%}
    {%- endif -%}
    {%- do state.files.append([table, path is not none, path]) -%}
{%- endmacro -%}


{%- macro take_from_demo(table, state) -%}
    {#- Seeds land by themselves; a table that the demo lacks is absent, as it is without a file. -#}
    {%- if is_in_demo(table) -%}
        {%- do state.files.append([table, true, 'seeds/raw/' ~ table ~ '.csv']) -%}
    {%- else -%}
        {%- set expected = raw_contract(table).columns | map(attribute='name') | list -%}
        {%- do state.landings.append('create schema if not exists raw') -%}
        {%- do state.landings.append(
            'create or replace table raw.' ~ table ~ ' (' ~ expected | join(' varchar, ') ~ ' varchar)') -%}
        {%- do state.files.append([table, false, none]) -%}
    {%- endif -%}
{%- endmacro -%}


{%- macro incoming_rows(table) -%}
    {#- What the contract does not know is not copied, and neither is what an erased person wrote or
        was called: the file keeps the bytes of a value until its space is used again. The tables
        that tell who is erased land before those that ask. -#}
    {%- set users = '(' ~ erased_users('incoming_users' if table == 'users' else 'landing.users') ~ ')' -%}
    {%- set customers = '(' ~ erased_customers('landing.customers', users) ~ ')' -%}
    {%- set order_lines = '(' ~ erased_order_lines('landing.order_lines', 'landing.orders', customers) ~ ')' -%}
    {%- set known = {'users': users, 'customers': customers, 'order_lines': order_lines} -%}
    {%- set erased = {} -%}
    {%- for name in erased_by(table) -%}
        {%- do erased.update({name: known[name]}) -%}
    {%- endfor -%}
    {{ return(rows_without_erased(table, 'incoming_' ~ table, erased)) }}
{%- endmacro -%}


{%- macro check_selection(state) -%}
    {#- A part of the models built from other extracts than the rest would mix two worlds. -#}
    {%- set known = run_query(
        "select 1 from information_schema.tables "
        ~ "where table_schema = 'landing' and table_name = 'raw_files'").rows -%}
    {%- if not known -%}
        {{ return('') }}
    {%- endif -%}
    {%- set before = run_query(
        "select coalesce(max(file_name), '') from landing.raw_files where source_table = 'orders'"
        ).columns[0].values()[0] -%}
    {%- set now = state.files | selectattr(0, 'equalto', 'orders') | map(attribute=2) | first -%}
    {%- set staged = [] -%}
    {%- for resource in selected_resources if '.base_' in resource -%}
        {%- do staged.append(resource) -%}
    {%- endfor -%}
    {%- if before != now and staged | length < raw_tables() | length -%}
        {%- do state.problems.append(
            target.path ~ ' was built from ' ~ before ~ ', now it is ' ~ now ~ ': build everything '
            ~ '(dbt build without a selection), or name another file by REFURB_DATABASE.') -%}
    {%- endif -%}
{%- endmacro -%}


{%- macro check_needed_table(table, found, problems) -%}
    {%- set needed = raw_contract(table).needs -%}
    {%- if needed and table in found and needed not in found -%}
        {%- do problems.append(
            found[table] ~ ' says nothing without ' ~ needed ~ ': export ' ~ needed
            ~ '.csv (or .parquet) as well, or leave ' ~ table ~ ' out.') -%}
    {%- endif -%}
{%- endmacro -%}


{%- macro read_csv_file(table, path, expected, problems) -%}
    {#- The dialect is the contract's, never guessed: a sniffer that guesses wrong is silent. -#}
    {%- set first_line = run_query(
        'select line from ' ~ csv_lines(path) ~ ' limit 1').columns[0].values() -%}
    {%- if not first_line or not first_line[0] or '\x00' in first_line[0] -%}
        {%- do problems.append(
            path ~ ' is empty or not UTF-8 text: export it again as UTF-8, with a header in its '
            ~ 'first line. A table that has no rows keeps its header; a table that is not there has '
            ~ 'no file.') -%}
        {{ return('') }}
    {%- endif -%}
    {%- set header = [] -%}
    {%- for name in first_line[0].split(',') -%}
        {%- do header.append(name.strip().strip('"').lower()) -%}
    {%- endfor -%}
    {%- set before = problems | length -%}
    {%- do check_raw_header(path, header, expected, problems) -%}
    {%- set shape = csv_shape(path) -%}
    {%- if shape.has_mixed_line_ends -%}
        {%- do problems.append(
            path ~ ' has lines that end like those of Windows and lines that do not, as when two '
            ~ 'files were joined: save it with one kind of line end.') -%}
    {%- endif -%}
    {%- if problems | length > before -%}
        {{ return('') }}
    {%- endif -%}
    {%- do run_query('drop table if exists csv_errors') -%}
    {%- do run_query('drop table if exists csv_scans') -%}
    {%- set types = [] -%}
    {%- for name in header -%}
        {%- do types.append(sql_text(name) ~ ": 'varchar'") -%}
    {%- endfor -%}
    {%- do run_query(
        "create or replace temp table incoming_" ~ table ~ " as select * from read_csv(" ~ sql_text(path)
        ~ ", auto_detect = false, header = true, columns = {" ~ types | join(', ') ~ "}, "
        ~ "delim = ',', quote = '\"', escape = '\"', strict_mode = true, null_padding = false, "
        ~ "store_rejects = true, rejects_table = 'csv_errors', rejects_scan = 'csv_scans', "
        ~ "rejects_limit = 3)") -%}
    {%- for error in run_query(
        'select line, column_name, error_type, error_message from csv_errors order by line').rows -%}
        {%- do problems.append(
            path ~ ', line ' ~ error[0] ~ (', column ' ~ error[1] if error[1] else '') ~ ': '
            ~ error[3] ~ ' ' ~ csv_remedy(error[2])) -%}
    {%- endfor -%}
    {%- if problems | length == before and shape.has_endless_line -%}
        {%- do problems.append(
            path ~ ' holds a line of many megabytes. ' ~ csv_remedy('LINE SIZE OVER MAXIMUM')) -%}
    {%- endif -%}
{%- endmacro -%}


{%- macro csv_lines(path) -%}
    {#- Lines as they stand, without their ends; those that are no UTF-8 or too long are left out. -#}
    {{ return("read_csv(" ~ sql_text(path) ~ ", auto_detect = false, header = false, "
        ~ "columns = {'line': 'varchar'}, delim = '\x01', quote = '', escape = '', "
        ~ "strict_mode = false, ignore_errors = true)") }}
{%- endmacro -%}


{%- macro csv_shape(path) -%}
    {#- What the reader does not say of a file: a line that is longer than its buffer is left out
        without an error, and where line ends are mixed it fails without a remedy. Both show in the
        bytes between the lines. -#}
    {%- set counted = run_query(
        'select count(*), coalesce(sum(strlen(line)), 0), (select size from read_blob('
        ~ sql_text(path) ~ ')) from ' ~ csv_lines(path)).rows[0] -%}
    {%- set lines, size = counted[0] | int, counted[2] | int -%}
    {%- set between = size - (counted[1] | int) -%}
    {#- the last line may lack its end -#}
    {%- set is_one_kind = between in (lines, lines - 1, 2 * lines, 2 * lines - 2) -%}
    {#- a line break inside quotes is no line end, so a doubtful file is looked at as a whole -#}
    {%- set is_mixed = not is_one_kind and size < 500000000 and run_query(
        "with unquoted as (select regexp_replace(try(decode(content)), '\"[^\"]*\"', '', 'g') as text "
        ~ "from read_blob(" ~ sql_text(path) ~ ")), counted as (select "
        ~ "length(text) - length(replace(text, chr(10), '')) as line_feeds, "
        ~ "(length(text) - length(replace(text, chr(13) || chr(10), ''))) // 2 as windows_ends "
        ~ "from unquoted) select coalesce(windows_ends > 0 and windows_ends < line_feeds, false) "
        ~ "from counted").columns[0].values()[0] -%}
    {{ return({
        'has_mixed_line_ends': is_mixed,
        'has_endless_line': between > 2 * lines + 1000000}) }}
{%- endmacro -%}


{%- macro csv_remedy(error_type) -%}
    {%- set remedies = {
        'INVALID ENCODING': 'Save the file as UTF-8.',
        'MISSING COLUMNS': 'The line is cut off or a value is missing: export the file again.',
        'TOO MANY COLUMNS': 'Put values that hold a comma in double quotes.',
        'UNQUOTED VALUE': 'Close the double quote; a quote inside a value is written twice.',
        'LINE SIZE OVER MAXIMUM': 'A double quote is never closed, or this is not a CSV file.',
    } -%}
    {{ return(remedies.get(error_type, 'Mend the line or export the file again.')) }}
{%- endmacro -%}


{%- macro check_raw_header(path, header, expected, problems) -%}
    {%- if header | length == 1 and expected | length > 1 -%}
        {%- for delimiter, name in [(';', 'semicolons'), ('\t', 'tabs'), ('|', 'bars')] -%}
            {%- if delimiter in header[0] -%}
                {%- do problems.append(
                    path ~ ' is separated by ' ~ name ~ ': export it with commas.') -%}
                {{ return('') }}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {%- set names = header | map('lower') | list -%}
    {%- if not expected | select('in', names) | list -%}
        {#- a line of data, perhaps of persons: it is not repeated here -#}
        {%- do problems.append(
            path ~ ' has no column of the contract in its first line that is UTF-8: export it as '
            ~ 'UTF-8 with the header ' ~ expected | join(',') ~ '.') -%}
        {{ return('') }}
    {%- endif -%}
    {%- for name in expected if name not in names -%}
        {%- do problems.append(
            path ~ ": column '" ~ name ~ "' is missing. Add it (empty values mean null); it has "
            ~ names | join(', ') ~ '.') -%}
    {%- endfor -%}
    {%- for name in names | unique if names | select('equalto', name) | list | length > 1 -%}
        {%- do problems.append(path ~ ": column '" ~ name ~ "' stands twice in the header: keep one.") -%}
    {%- endfor -%}
    {%- for name in names | unique if name not in expected -%}
        {%- do log(
            "note: " ~ path ~ ": column '" ~ name ~ "' is not in the contract and is not read.",
            info=true) -%}
    {%- endfor -%}
{%- endmacro -%}


{%- macro remember_raw_files(files) -%}
    {%- set rows = [] -%}
    {%- for table, is_present, path in files -%}
        {%- do rows.append(
            '(' ~ sql_text(table) ~ ', ' ~ is_present ~ ', '
            ~ (sql_text(path) if path else 'null') ~ ')') -%}
    {%- endfor -%}
    {%- do run_query(
        'create table landing.raw_files as select * from (values '
        ~ rows | join(', ') ~ ') as files (source_table, is_present, file_name)') -%}
{%- endmacro -%}


{%- macro sql_text(value) -%}
    {{ return("'" ~ (value | string) | replace("'", "''") ~ "'") }}
{%- endmacro -%}
