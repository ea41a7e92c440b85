{#- On Spark the extracts are Parquet on storage that every node of the cluster sees. They stay where
    they are: a view of the schema landing says where, and nothing is copied. -#}

{%- macro spark__land_raw() -%}
    {%- if not execute or flags.WHICH not in ('build', 'run') -%}
        {{ return('') }}
    {%- endif -%}
    {%- do say_what_spark_leaves_out() -%}
    {%- set folder = raw_path().rstrip('/') -%}
    {%- set problems, files, landings = [], [], [] -%}
    {%- set found = parquet_found(folder, raw_tables(), problems) -%}
    {%- do run_query('drop schema if exists landing cascade') -%}
    {%- do run_query('create schema landing') -%}
    {%- for table in raw_tables() if found -%}
        {%- set path = found.get(table) -%}
        {%- do check_needed_table(table, found, problems) -%}
        {%- do land_parquet(table, path, folder, problems) -%}
        {%- do files.append([table, path is not none, path]) -%}
    {%- endfor -%}
    {%- if problems -%}
        {{ exceptions.raise_compiler_error(
            'The raw extracts cannot be read, nothing was built:\n  - ' ~ problems | join('\n  - ')) }}
    {%- endif -%}
    {%- do remember_raw_files(files) -%}
    {{ return('') }}
{%- endmacro -%}


{%- macro say_what_spark_leaves_out() -%}
    {%- do log(
        'On Spark: contracts check names and types, no constraint is enforced (dbt test finds what '
        ~ 'they would refuse); no grade model, gradings are judged by the suggestions of the '
        ~ 'platform; no demo seeds, CSV files or models of health. See docs/scaling-out.md.',
        info=true) -%}
{%- endmacro -%}


{%- macro parquet_found(folder, tables, problems) -%}
    {#- Files such as orders.parquet, or folders of that name with as many files as the writer liked. -#}
    {%- set found = {} -%}
    {%- if not folder or not (folder.startswith('/') or '://' in folder) -%}
        {%- do problems.append(
            'on Spark, REFURB_RAW (or raw_path) must name the folder of Parquet extracts as the cluster '
            ~ "sees it, such as /mnt/raw or s3a://shop/raw; it is '" ~ folder ~ "'.") -%}
        {{ return(found) }}
    {%- endif -%}
    {%- do run_query(
        'create or replace temporary view raw_listing using binaryFile options (path '
        ~ sql_text(folder) ~ ", recursiveFileLookup 'true', pathGlobFilter '*.parquet')") -%}
    {%- set names = run_query(
        'select distinct substring_index(substring_index(path, ' ~ sql_text(folder.split('://')[-1] ~ '/')
        ~ ", -1), '/', 1) as name from raw_listing order by name").columns[0].values() -%}
    {%- for name in names -%}
        {%- set table = name.rsplit('.', 1)[0] | lower -%}
        {%- if table in tables -%}
            {%- do found.update({table: folder ~ '/' ~ name}) -%}
        {%- else -%}
            {%- do log(
                'note: ' ~ folder ~ '/' ~ name ~ ' is not read: Parquet is named like orders.parquet, '
                ~ 'after a table of the raw contract.', info=true) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if not found -%}
        {%- do problems.append(
            folder ~ ' holds no Parquet table of the raw contract: REFURB_RAW (or raw_path) must name the '
            ~ 'folder of files or folders such as orders.parquet.') -%}
    {%- endif -%}
    {{ return(found) }}
{%- endmacro -%}


{%- macro land_parquet(table, path, folder, problems) -%}
    {%- set contract = raw_contract(table) -%}
    {%- set expected = contract.columns | map(attribute='name') | list -%}
    {%- if path is none -%}
        {%- if contract.is_mandatory -%}
            {%- do problems.append(
                folder ~ '/' ~ table ~ '.parquet is missing: without it no KPI can be computed. Export '
                ~ 'it with the columns ' ~ expected | join(', ') ~ '.') -%}
        {%- endif -%}
        {%- do run_query(
            'create table landing.' ~ table ~ ' (' ~ expected | join(' string, ') ~ ' string)') -%}
    {%- else -%}
        {#- A table over folders of partitions would be empty until each is told to the catalogue. -#}
        {%- do run_query(
            'create view landing.' ~ table ~ ' as select * from parquet.`' ~ path ~ '`') -%}
        {%- set header = [] -%}
        {%- for column in adapter.get_columns_in_relation(
            api.Relation.create(schema='landing', identifier=table)) -%}
            {%- do header.append(column.name) -%}
        {%- endfor -%}
        {%- do check_raw_header(path, header, expected, problems) -%}
    {%- endif -%}
{%- endmacro -%}
