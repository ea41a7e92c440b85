{#- The memory of dbt's own runs. Tests run after the models, so health.build_health is a view on
    what is written here when the run ends. Rows are only ever added: any engine can do that. -#}

{%- macro open_build_log() -%}
    {%- if not execute or flags.WHICH not in ('build', 'run', 'seed', 'test') -%}
        {{ return('') }}
    {%- endif -%}
    {%- do run_query('create schema if not exists health') -%}
    {%- do run_query(
        'create table if not exists health.dbt_runs (run_id string, event string, '
        ~ 'happened_at timestamp, command string, selection string, is_complete boolean)') -%}
    {%- do run_query(
        'create table if not exists health.dbt_results (run_id string, node_id string, '
        ~ 'node_name string, node_type string, status string, failures bigint)') -%}
    {%- do log_run_event('started', run_started_at) -%}
    {{ return('') }}
{%- endmacro -%}


{%- macro close_build_log(results) -%}
    {%- if not execute or flags.WHICH not in ('build', 'run', 'seed', 'test') -%}
        {{ return('') }}
    {%- endif -%}
    {#- Names and counts alone: messages may quote a row or a path. -#}
    {%- set rows = [] -%}
    {%- for result in results
        if result.node.resource_type in ('model', 'seed', 'snapshot', 'test', 'unit_test') -%}
        {%- set node = result.node -%}
        {%- do rows.append(
            '(' ~ sql_text(invocation_id) ~ ', ' ~ sql_text(node.unique_id) ~ ', '
            ~ sql_text(node.name) ~ ', ' ~ sql_text(node.resource_type) ~ ', '
            ~ sql_text(result.status) ~ ', '
            ~ (result.failures if result.failures is not none else 'null') ~ ')') -%}
    {%- endfor -%}
    {%- if rows -%}
        {%- do run_query(
            'insert into health.dbt_results (run_id, node_id, node_name, node_type, status, failures) '
            ~ 'values ' ~ rows | join(', ')) -%}
    {%- endif -%}
    {%- do log_run_event('ended', modules.datetime.datetime.now(modules.pytz.utc)) -%}
    {{ return('') }}
{%- endmacro -%}


{%- macro log_run_event(event, happened_at) -%}
    {%- set selection = (invocation_args_dict.get('select') or []) | join(' ') -%}
    {%- set exclusion = (invocation_args_dict.get('exclude') or []) | join(' ') -%}
    {%- do run_query(
        'insert into health.dbt_runs (run_id, event, happened_at, command, selection, is_complete) '
        ~ 'values (' ~ sql_text(invocation_id) ~ ', ' ~ sql_text(event)
        ~ ", cast('" ~ happened_at.strftime('%Y-%m-%d %H:%M:%S.%f') ~ "' as timestamp), "
        ~ sql_text(flags.WHICH) ~ ', '
        ~ sql_text((selection ~ (' without ' ~ exclusion if exclusion else '')) | trim) ~ ', '
        ~ is_complete_run() ~ ')') -%}
{%- endmacro -%}


{%- macro is_complete_run() -%}
    {#- Unit tests say nothing of the data: a build without them is complete. -#}
    {%- set wanted = graph.nodes.values()
        | selectattr('resource_type', 'in', ['model', 'test'])
        | map(attribute='unique_id') | list -%}
    {{ return(wanted | reject('in', selected_resources) | list | length == 0) }}
{%- endmacro -%}
