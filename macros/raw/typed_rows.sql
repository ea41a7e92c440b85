{%- macro typed_rows(table) -%}
    {#- What a row of the raw table says in the contract's types, and what is wrong with it. -#}
    {%- set contract = raw_contract(table) -%}
    {%- set landed_types = landed_column_types(table) -%}
    {%- set checks = row_checks(contract) -%}
    {%- set erased = {} -%}
    {%- for name in erased_by(table) -%}
        {%- do erased.update({name: ref('stg_marketplace__erased_' ~ name)}) -%}
    {%- endfor -%}
with landed as (
    {{ rows_without_erased(table, raw(table), erased) }}
),

trimmed as (
    select
    {%- for column in contract.columns %}
        {{ landed_value(column, landed_types) }} as {{ column.name }}
        {{- ',' if not loop.last }}
    {%- endfor %}
    from landed
),

typed as (
    select
    {%- for column in contract.columns %}
        {{ typed_value(column, landed_types) }} as {{ column.name }},
    {%- endfor %}
    {%- for column in contract.columns %}
        {{ column.name }} as {{ column.name }}__raw{{ ',' if not loop.last }}
    {%- endfor %}
    from trimmed
),

checked as (
    select
        *,
        case
        {%- for check in checks %}
            when {{ check.breaks_when }} then {{ loop.index }}
        {%- endfor %}
        end as reject_check
    from typed
)

select
    {%- for column in contract.columns %}
    {{ column.name }},
    {%- endfor %}
    -- sound rows are told by this number: a filter on one of the texts would make the engine
    -- repeat every check for every text
    reject_check,
    case reject_check
    {%- for check in checks %}
        when {{ loop.index }} then {{ sql_text(check.column) }}
    {%- endfor %}
    end as reject_column,
    case reject_check
    {%- for check in checks %}
        when {{ loop.index }} then cast({{ check.column }}__raw as string)
    {%- endfor %}
    end as reject_value,
    case reject_check
    {%- for check in checks %}
        when {{ loop.index }} then {{ sql_text(check.reason) }}
    {%- endfor %}
    end as reject_reason
from checked
{%- endmacro -%}


{%- macro landed_column_types(table) -%}
    {%- set types = {} -%}
    {%- if execute -%}
        {%- for column in adapter.get_columns_in_relation(source(raw_source(table), table)) -%}
            {%- do types.update({column.name | lower: column.data_type | upper}) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(types) }}
{%- endmacro -%}


{%- macro is_typed_already(column, landed_types) -%}
    {#- Parquet may arrive typed: a value of the right family is not taken through text. -#}
    {%- set landed = landed_types.get(column.name, 'VARCHAR').split('(')[0] -%}
    {%- set families = {
        'timestamp': ['TIMESTAMP', 'TIMESTAMP WITH TIME ZONE', 'TIMESTAMP_NS', 'TIMESTAMP_MS', 'TIMESTAMP_NTZ', 'DATE'],
        'date': ['DATE', 'TIMESTAMP', 'TIMESTAMP_NTZ'],
        'integer': ['TINYINT', 'SMALLINT', 'INTEGER', 'INT', 'BIGINT'],
        'decimal': ['DECIMAL', 'DOUBLE', 'FLOAT', 'TINYINT', 'SMALLINT', 'INTEGER', 'INT', 'BIGINT'],
        'boolean': ['BOOLEAN'],
        'varchar': [],
    } -%}
    {{ return(landed in families[column.data_type.split('(')[0]]) }}
{%- endmacro -%}


{%- macro landed_value(column, landed_types) -%}
    {%- if is_typed_already(column, landed_types) -%}
        {{ column.name }}
    {%- else -%}
        {%- set trimmed = "nullif(trim(cast(" ~ column.name ~ " as string)), '')" -%}
        {{ column.rules.case ~ '(' ~ trimmed ~ ')' if column.rules.case else trimmed }}
    {%- endif -%}
{%- endmacro -%}


{%- macro typed_value(column, landed_types) -%}
    {%- set data_type = column.data_type -%}
    {%- if data_type == 'varchar' -%}
        {{ 'lower(' ~ column.name ~ ')' if column.rules.accepted_values else column.name }}
    {%- elif is_typed_already(column, landed_types) -%}
        {{ try_cast(column.name, data_type) }}
    {%- elif data_type == 'boolean' -%}
        case lower({{ column.name }}) when 'true' then true when 'false' then false end
    {%- elif data_type == 'integer' -%}
        {#- A cast rounds 1.5 to 2 without a word; only a whole number equals its rounding. -#}
        case
            when {{ try_cast(column.name, 'double') }} = {{ try_cast(column.name, 'integer') }}
                then {{ try_cast(column.name, 'integer') }}
        end
    {%- elif data_type.startswith('decimal') -%}
        {#- Likewise decimals beyond the scale: refused, not rounded. -#}
        case
            when {{ try_cast(column.name, 'decimal(30, 12)') }} = {{ try_cast(column.name, data_type) }}
                then {{ try_cast(column.name, data_type) }}
        end
    {%- elif data_type == 'timestamp' -%}
        {{ utc_timestamp(column.name) }}
    {%- else -%}
        {{ try_cast(column.name, data_type) }}
    {%- endif -%}
{%- endmacro -%}


{%- macro row_checks(contract) -%}
    {#- Every check of one row, in the order in which the first broken one becomes its reason. -#}
    {%- set checks = [] -%}
    {%- for column in contract.columns -%}
        {%- set name = column.name -%}
        {%- set rules = column.rules -%}
        {%- if rules.required -%}
            {%- do checks.append({
                'column': name, 'breaks_when': name ~ '__raw is null',
                'reason': 'key is missing' if name in contract.key else 'value is missing'}) -%}
        {%- endif -%}
        {%- if column.data_type != 'varchar' -%}
            {%- do checks.append({
                'column': name, 'reason': 'not ' ~ type_in_words(column.data_type),
                'breaks_when': name ~ ' is null and ' ~ name ~ '__raw is not null'}) -%}
        {%- endif -%}
        {%- if rules.accepted_values -%}
            {%- do checks.append({
                'column': name, 'reason': 'not an accepted value',
                'breaks_when': name ~ " not in ('" ~ rules.accepted_values | join("', '") ~ "')"}) -%}
        {%- endif -%}
        {%- if rules.pattern -%}
            {%- do checks.append({
                'column': name, 'reason': 'does not look like ' ~ rules.pattern,
                'breaks_when': 'not ' ~ matches_pattern(name, rules.pattern)}) -%}
        {%- endif -%}
        {%- do checks.extend(bound_checks(column)) -%}
    {%- endfor -%}
    {%- for column in contract.columns if column.rules.not_before -%}
        {%- do checks.append({
            'column': column.name, 'reason': 'before ' ~ column.rules.not_before,
            'breaks_when': column.name ~ ' < ' ~ column.rules.not_before}) -%}
    {%- endfor -%}
    {{ return(checks + contract.rules) }}
{%- endmacro -%}


{%- macro bound_checks(column) -%}
    {%- set checks = [] -%}
    {%- set name = column.name -%}
    {%- set rules = column.rules -%}
    {%- for bound, operator, words in [
        ('min', '<', 'below '), ('above', '<=', 'not above '), ('max', '>', 'above ')
    ] if rules.get(bound) is not none -%}
        {%- do checks.append({
            'column': name, 'reason': words ~ rules[bound],
            'breaks_when': name ~ ' ' ~ operator ~ ' ' ~ rules[bound]}) -%}
    {%- endfor -%}
    {%- if column.data_type in ('timestamp', 'date') -%}
        {%- set earliest = var('earliest_plausible_date') -%}
        {%- do checks.append({
            'column': name, 'reason': 'before ' ~ earliest,
            'breaks_when': name ~ " < cast('" ~ earliest ~ "' as " ~ column.data_type ~ ')'}) -%}
        {%- if not rules.may_be_future -%}
            {%- do checks.append({
                'column': name, 'reason': 'in the future',
                'breaks_when': name ~ " > cast('" ~ tomorrow() ~ "' as " ~ column.data_type ~ ')'}) -%}
        {%- endif -%}
    {%- endif -%}
    {{ return(checks) }}
{%- endmacro -%}


{%- macro type_in_words(data_type) -%}
    {%- if data_type.startswith('decimal') -%}
        {{ return('a number with at most ' ~ data_type.split(',')[1].strip(' )') ~ ' decimals') }}
    {%- endif -%}
    {{ return({
        'timestamp': 'a time (YYYY-MM-DD HH:MM:SS)',
        'date': 'a day (YYYY-MM-DD)',
        'integer': 'a whole number',
        'boolean': 'true or false',
    }[data_type]) }}
{%- endmacro -%}


{%- macro tomorrow() -%}
    {#- The clock of the build, with a day for clocks and time zones that differ. -#}
    {{ return((run_started_at + modules.datetime.timedelta(days=1)).strftime('%Y-%m-%d')) }}
{%- endmacro -%}
