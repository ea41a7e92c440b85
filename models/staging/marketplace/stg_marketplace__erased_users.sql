-- People who asked to be erased, whatever else is wrong with the row that says so.
-- Grain: one row per user_id.
{{ config(materialized='table') }}

{{ erased_users(raw('users')) }}
