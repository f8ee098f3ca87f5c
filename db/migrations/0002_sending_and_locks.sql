CREATE TABLE "audit_entries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" uuid NOT NULL,
	"channel_id" uuid,
	"conversation_id" uuid,
	"actor_id" uuid,
	"action" text NOT NULL,
	"details" json,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "conversation_locks" (
	"conversation_id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" uuid NOT NULL,
	"fence" bigint DEFAULT 0 NOT NULL,
	"holder_id" uuid,
	"claimed_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "media" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" uuid NOT NULL,
	"channel_id" uuid NOT NULL,
	"conversation_id" uuid,
	"direction" text NOT NULL,
	"kind" text NOT NULL,
	"state" text NOT NULL,
	"graph_id" text,
	"graph_id_expires_at" timestamp with time zone,
	"mime_type" text,
	"detected_type" text,
	"filename" text,
	"size_bytes" bigint,
	"sha256" text,
	"storage_key" text,
	"thumbnail_key" text,
	"width" integer,
	"height" integer,
	"duration_seconds" double precision,
	"waveform" json,
	"failure" text,
	"failure_detail" text,
	"attempts" integer DEFAULT 0 NOT NULL,
	"uploaded_by" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"stored_at" timestamp with time zone,
	CONSTRAINT "media_graph" UNIQUE("channel_id","graph_id")
);
--> statement-breakpoint
CREATE TABLE "templates" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" uuid NOT NULL,
	"business_account_id" text NOT NULL,
	"graph_id" text NOT NULL,
	"name" text NOT NULL,
	"language" text NOT NULL,
	"category" text NOT NULL,
	"status" text NOT NULL,
	"quality" text,
	"parameter_format" text DEFAULT 'positional' NOT NULL,
	"components" json NOT NULL,
	"rejected_reason" text,
	"synced_at" timestamp with time zone NOT NULL,
	"deleted_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "templates_workspaceId_businessAccountId_name_language_unique" UNIQUE("workspace_id","business_account_id","name","language")
);
--> statement-breakpoint
ALTER TABLE "channels" ADD COLUMN "throughput_per_second" integer DEFAULT 80 NOT NULL;--> statement-breakpoint
ALTER TABLE "channels" ADD COLUMN "read_receipts" text DEFAULT 'when_opened' NOT NULL;--> statement-breakpoint
ALTER TABLE "channels" ADD COLUMN "stop_words" text[] DEFAULT '{STOP,UNSUBSCRIBE}' NOT NULL;--> statement-breakpoint
ALTER TABLE "channels" ADD COLUMN "stopped_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "channels" ADD COLUMN "stop_error" json;--> statement-breakpoint
ALTER TABLE "channels" ADD COLUMN "stop_token_digest" text;--> statement-breakpoint
ALTER TABLE "contacts" ADD COLUMN "opted_out_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "contacts" ADD COLUMN "opt_out_source" text;--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "free_entry_ends_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "author_id" uuid;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "media_id" uuid;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "dismissed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "dismissed_by" uuid;--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "last_error" json;--> statement-breakpoint
ALTER TABLE "conversation_locks" ADD CONSTRAINT "conversation_locks_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "conversation_locks" ADD CONSTRAINT "conversation_locks_holder_id_agents_id_fk" FOREIGN KEY ("holder_id") REFERENCES "public"."agents"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "media" ADD CONSTRAINT "media_uploaded_by_agents_id_fk" FOREIGN KEY ("uploaded_by") REFERENCES "public"."agents"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_entries_conversation_id_created_at_index" ON "audit_entries" USING btree ("conversation_id","created_at");--> statement-breakpoint
CREATE INDEX "audit_entries_workspace_id_created_at_index" ON "audit_entries" USING btree ("workspace_id","created_at");--> statement-breakpoint
CREATE INDEX "media_conversation_id_created_at_index" ON "media" USING btree ("conversation_id","created_at");--> statement-breakpoint
CREATE INDEX "media_waiting" ON "media" USING btree ("created_at") WHERE state in ('waiting', 'fetching');--> statement-breakpoint
CREATE INDEX "templates_workspace_id_graph_id_index" ON "templates" USING btree ("workspace_id","graph_id");--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_dismissed_by_agents_id_fk" FOREIGN KEY ("dismissed_by") REFERENCES "public"."agents"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "events_by_author" ON "events" USING btree ("conversation_id","seq") WHERE author_id is not null;--> statement-breakpoint
CREATE INDEX "messages_troubled" ON "messages" USING btree ("workspace_id","position") WHERE direction = 'out' and status in ('failed', 'unknown') and dismissed_at is null;