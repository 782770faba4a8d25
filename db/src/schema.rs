//! The tables as the migrations make them; a test compares the two.

diesel::table! {
    tenants (id) {
        id -> Uuid,
        name -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    users (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        email -> Text,
        name -> Nullable<Text>,
        role -> Text,
        password_hash -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    sessions (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        user_id -> Uuid,
        token_hash -> Bytea,
        user_agent -> Nullable<Text>,
        created_at -> Timestamptz,
        last_used_at -> Timestamptz,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    invitations (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        email -> Text,
        role -> Text,
        token_hash -> Bytea,
        invited_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        accepted_at -> Nullable<Timestamptz>,
        revoked_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    widgets (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        name -> Text,
        config -> Jsonb,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    outbox (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        topic -> Text,
        payload -> Bytea,
        kept_events -> Nullable<BigInt>,
        kept_ms -> Nullable<BigInt>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    budgets (tenant_id) {
        tenant_id -> Uuid,
        limit_micro_usd -> Nullable<BigInt>,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    budget_months (tenant_id, month) {
        tenant_id -> Uuid,
        month -> Date,
        spent_micro_usd -> BigInt,
        reserved_micro_usd -> BigInt,
    }
}

diesel::table! {
    reservations (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        user_id -> Nullable<Uuid>,
        session_id -> Nullable<Uuid>,
        run_id -> Nullable<Uuid>,
        service -> Text,
        provider -> Text,
        model -> Text,
        input_tokens -> BigInt,
        output_tokens -> BigInt,
        amount_micro_usd -> Nullable<BigInt>,
        price_version -> Text,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    cost_events (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        user_id -> Nullable<Uuid>,
        session_id -> Nullable<Uuid>,
        run_id -> Nullable<Uuid>,
        service -> Text,
        provider -> Text,
        model -> Text,
        input_tokens -> BigInt,
        cached_tokens -> BigInt,
        output_tokens -> BigInt,
        is_estimate -> Bool,
        cost_micro_usd -> Nullable<BigInt>,
        price_version -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    model_policies (tenant_id) {
        tenant_id -> Uuid,
        size -> Text,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    chat_sessions (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        title -> Text,
        last_seq -> BigInt,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    messages (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        session_id -> Uuid,
        seq -> BigInt,
        role -> Text,
        content -> Text,
        author -> Nullable<Uuid>,
        client_message_id -> Nullable<Uuid>,
        run_id -> Nullable<Uuid>,
        ending -> Nullable<Text>,
        provider -> Nullable<Text>,
        model -> Nullable<Text>,
        citations -> Jsonb,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    runs (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        session_id -> Uuid,
        question -> Uuid,
        asked_by -> Nullable<Uuid>,
        state -> Text,
        reason -> Nullable<Text>,
        provider -> Text,
        model -> Text,
        model_reason -> Text,
        fallback_from -> Nullable<Text>,
        reservation_id -> Uuid,
        text -> Text,
        text_cursor -> Nullable<Text>,
        saves -> BigInt,
        owner -> Nullable<Uuid>,
        lease_until -> Nullable<Timestamptz>,
        attempts -> Integer,
        stop_requested -> Bool,
        created_at -> Timestamptz,
        started_at -> Nullable<Timestamptz>,
        ended_at -> Nullable<Timestamptz>,
        passages -> Jsonb,
    }
}

diesel::table! {
    vision_frames (session_id) {
        session_id -> Uuid,
        tenant_id -> Uuid,
        prompt -> Text,
        model -> Text,
        provider -> Text,
        signature -> Bytea,
        analysis -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    documents (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        title -> Text,
        format -> Text,
        size_bytes -> BigInt,
        content_hash -> Bytea,
        state -> Text,
        reason -> Nullable<Text>,
        language -> Nullable<Text>,
        characters -> BigInt,
        chunks -> Integer,
        words -> BigInt,
        embedding -> Nullable<Text>,
        added_by -> Nullable<Uuid>,
        owner -> Nullable<Uuid>,
        lease_until -> Nullable<Timestamptz>,
        attempts -> Integer,
        due_at -> Timestamptz,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    document_contents (document_id) {
        document_id -> Uuid,
        tenant_id -> Uuid,
        bytes -> Nullable<Bytea>,
        text -> Nullable<Text>,
    }
}

diesel::table! {
    meetings (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        title -> Text,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        call_sid -> Nullable<Text>,
        started_at -> Nullable<Timestamptz>,
        ended_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    meeting_participants (tenant_id, meeting_id, sid) {
        tenant_id -> Uuid,
        meeting_id -> Uuid,
        sid -> Text,
        identity -> Text,
        user_id -> Uuid,
        joined_at -> Timestamptz,
        left_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    meeting_standings (tenant_id, meeting_id, user_id) {
        tenant_id -> Uuid,
        meeting_id -> Uuid,
        user_id -> Uuid,
        standing -> Text,
    }
}

diesel::table! {
    meeting_events (tenant_id, meeting_id, id) {
        tenant_id -> Uuid,
        meeting_id -> Uuid,
        id -> Text,
        received_at -> Timestamptz,
    }
}

diesel::joinable!(users -> tenants (tenant_id));
diesel::joinable!(sessions -> users (user_id));
diesel::joinable!(invitations -> tenants (tenant_id));
diesel::joinable!(widgets -> tenants (tenant_id));
diesel::joinable!(messages -> users (author));
diesel::joinable!(documents -> users (added_by));
diesel::joinable!(document_contents -> documents (document_id));
diesel::allow_tables_to_appear_in_same_query!(tenants, users, sessions, invitations, widgets);
diesel::allow_tables_to_appear_in_same_query!(messages, users);
diesel::allow_tables_to_appear_in_same_query!(documents, document_contents, users);
diesel::allow_tables_to_appear_in_same_query!(reservations, runs);
