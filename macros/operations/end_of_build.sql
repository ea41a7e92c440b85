{%- macro explain_failure(results) -%}
    {#- What dbt says of a failure names the file, never what to do about it. -#}
    {%- set messages = failed_nodes(results) | map(attribute='message') | map('string') -%}
    {%- set remedy = failure_remedy(messages | join('\n')) -%}
    {%- if remedy -%}
        {%- do log(remedy, info=true) -%}
    {%- endif -%}
    {{ return('') }}
{%- endmacro -%}


{%- macro failed_nodes(results) -%}
    {{ return(results | selectattr('status', 'in', ['error', 'runtime error']) | list) }}
{%- endmacro -%}


{%- macro failure_remedy(messages) -%}
    {%- set again = ' Then run dbt build again; until it is green, some tables are new and some are '
        ~ 'those of the build before.' -%}
    {%- if 'No space left' in messages or 'quota exceeded' in messages
        or 'File too large' in messages or 'max_temp_directory_size' in messages -%}
        {{ return(
            'The disk is full: free some space for ' ~ target.path ~ ', or name another disk by '
            ~ 'REFURB_DATABASE; REFURB_TEMP_DIRECTORY moves what does not fit into memory.'
            ~ again) }}
    {%- elif 'Out of Memory Error' in messages -%}
        {{ return(
            'The memory limit is too low: raise REFURB_MEMORY_LIMIT, or set REFURB_THREADS=1, which '
            ~ 'builds one model at a time.' ~ again) }}
    {%- endif -%}
    {{ return(none) }}
{%- endmacro -%}


{%- macro write_through(results) -%}
    {{ return('' if failed_nodes(results) else adapter.dispatch('write_through', 'refurb')()) }}
{%- endmacro -%}

{%- macro default__write_through() -%}
{%- endmacro -%}

{%- macro duckdb__write_through() -%}
    {#- DuckDB would move the log of changes into the file when dbt ends, and keep silent when it
        cannot: a copy of the file alone would then lack the build. -#}
    {{ return('checkpoint') }}
{%- endmacro -%}


{%- macro say_why_no_grade_model(results) -%}
    {#- Nobody misses a model who has no evaluations, or whose evaluations could not be built. -#}
    {%- for result in results if result.node.name == 'dim_grade_models' and result.status == 'success' -%}
        {%- set evaluations = load_relation(api.Relation.create(
            database=result.node.database, schema=result.node.schema,
            identifier='fct_evaluations')) -%}
        {%- set found = run_query(
            'select status, remedy from ' ~ result.node.relation_name ~ " where status <> 'trained' "
            ~ 'and exists (select 1 from ' ~ evaluations ~ ')').rows if evaluations else [] -%}
        {%- for row in found -%}
            {%- do log('No grade model (' ~ row[0] ~ '): gradings are judged by the suggestions of the '
                ~ 'platform. For a model: ' ~ row[1] ~ '.', info=true) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return('') }}
{%- endmacro -%}
