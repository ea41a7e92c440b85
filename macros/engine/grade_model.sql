{#- The grade model is trained in Python on DuckDB's relations; on another engine there is none. -#}

{%- macro grade_predictions() -%}
    {{ return(adapter.dispatch('grade_predictions', 'refurb')()) }}
{%- endmacro -%}

{%- macro default__grade_predictions() -%}
    {{ return('(select cast(null as string) as evaluation_id, cast(null as string) as predicted_grade, '
        ~ 'cast(null as string) as model_version, cast(null as double) as confidence '
        ~ 'where 1 = 0)') }}
{%- endmacro -%}

{%- macro duckdb__grade_predictions() -%}
    {{ return(ref('int_grade_predictions')) }}
{%- endmacro -%}


{%- macro grade_model() -%}
    {{ return(adapter.dispatch('grade_model', 'refurb')()) }}
{%- endmacro -%}

{%- macro default__grade_model() -%}
    {%- set unknown = ['model_version string', 'trained_until date', 'majority_grade string'] -%}
    {%- for score in ['accuracy', 'macro_f1', 'kappa'] -%}
        {%- do unknown.append('cross_validation_' ~ score ~ '_mean double') -%}
        {%- do unknown.append('cross_validation_' ~ score ~ '_sd double') -%}
    {%- endfor -%}
    {%- set columns = ["'other_engine' as status",
        "'build with DuckDB: what trains the model reads its relations' as remedy",
        'cast(null as int) as training_audits'] -%}
    {%- for column in unknown -%}
        {%- do columns.append('cast(null as ' ~ column.split(' ')[1] ~ ') as ' ~ column.split(' ')[0]) -%}
    {%- endfor -%}
    {{ return('(select ' ~ columns | join(', ') ~ ')') }}
{%- endmacro -%}

{%- macro duckdb__grade_model() -%}
    {{ return(ref('int_grade_model')) }}
{%- endmacro -%}
