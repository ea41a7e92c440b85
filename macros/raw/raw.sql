{%- macro raw_path() -%}
    {{ return(var('raw_path') or env_var('REFURB_RAW', '')) }}
{%- endmacro -%}


{%- macro raw(table) -%}
    {#- The demo extracts are seeds: naming the seed makes dbt load it first. -#}
    {%- if not raw_path() and is_in_demo(table) -%}
        {%- do ref(table) -%}
    {%- endif -%}
    {{ source(raw_source(table), table) }}
{%- endmacro -%}


{%- macro raw_source(table) -%}
    {{ return({'open_repairs': 'open_repair'}.get(table, 'marketplace')) }}
{%- endmacro -%}


{%- macro is_in_demo(table) -%}
    {#- What others publish is under licences of their own and has no invented counterpart. -#}
    {{ return(raw_source(table) == 'marketplace') }}
{%- endmacro -%}


{%- macro gate(layer, table) -%}
    {{ ref(layer ~ '_' ~ raw_source(table) ~ '__' ~ table) }}
{%- endmacro -%}


{%- macro raw_contract(table) -%}
    {#- `graph` is filled only when dbt executes; while it parses, an empty contract will do. -#}
    {%- if not execute -%}
        {{ return({'key': [], 'event_at': none, 'rules': [], 'columns': []}) }}
    {%- endif -%}
    {%- set found = graph.sources.values()
        | selectattr('source_name', 'equalto', raw_source(table))
        | selectattr('name', 'equalto', table) | list -%}
    {%- if not found -%}
        {{ exceptions.raise_compiler_error(
            "Raw table '" ~ table ~ "' is not in the contract (_" ~ raw_source(table) ~ ".yml).") }}
    {%- endif -%}
    {%- set meta = found[0].config.meta -%}
    {%- set columns = [] -%}
    {%- for column in found[0].columns.values() -%}
        {%- do columns.append({
            'name': column.name, 'data_type': column.data_type, 'rules': column.config.meta}) -%}
    {%- endfor -%}
    {{ return({
        'key': meta['key'],
        'event_at': meta.get('event_at'),
        'is_mandatory': meta.get('is_mandatory', false),
        'needs': meta.get('needs'),
        'rules': meta.get('rules', []),
        'columns': columns}) }}
{%- endmacro -%}


{%- macro raw_tables() -%}
    {#- Written out, because `graph` is empty while dbt parses; a test compares it with the contract. -#}
    {{ return([
        'suppliers', 'products', 'product_lists', 'users', 'customers', 'orders', 'order_lines',
        'payments', 'shipments', 'return_lines', 'defects', 'repairs', 'refunds', 'claims',
        'messages', 'notifications', 'ratings', 'supplier_ratings', 'product_evaluations',
        'grade_corrections', 'grade_audits', 'supplier_performance', 'page_events',
        'external_reviews', 'fx_rates', 'open_repairs',
    ]) }}
{%- endmacro -%}
