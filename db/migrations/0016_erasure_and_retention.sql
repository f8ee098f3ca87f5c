CREATE TABLE "erased_ids" (
	"workspace_id" uuid NOT NULL,
	"hash" "bytea" NOT NULL,
	"forget_at" timestamp with time zone NOT NULL,
	CONSTRAINT "erased_ids_workspace_id_hash_pk" PRIMARY KEY("workspace_id","hash")
);
--> statement-breakpoint
CREATE TABLE "erasures" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" uuid NOT NULL,
	"contact_id" uuid NOT NULL,
	"actor_id" uuid NOT NULL,
	"counts" json NOT NULL,
	"hash" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "files_to_remove" (
	"storage_key" text PRIMARY KEY NOT NULL,
	"workspace_id" uuid NOT NULL,
	"erasure_id" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "channels" ADD COLUMN "retention_days" integer;--> statement-breakpoint
ALTER TABLE "workspaces" ADD COLUMN "erasure_salt" uuid DEFAULT gen_random_uuid() NOT NULL;--> statement-breakpoint
ALTER TABLE "erased_ids" ADD CONSTRAINT "erased_ids_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "erased_ids_forget_at_index" ON "erased_ids" USING btree ("forget_at");--> statement-breakpoint
CREATE INDEX "erasures_workspace_id_created_at_index" ON "erasures" USING btree ("workspace_id","created_at");--> statement-breakpoint
CREATE INDEX "files_to_remove_erasure_id_index" ON "files_to_remove" USING btree ("erasure_id");--> statement-breakpoint
-- By hand: a receipt is never changed, as the audit log is not.
CREATE FUNCTION "refuse_change_of_erasures"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION 'erasures is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;--> statement-breakpoint
CREATE TRIGGER "erasures_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "erasures"
	FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change_of_erasures"();
