CREATE TABLE "joined_conversations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" uuid NOT NULL,
	"conversation_id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "contacts" ADD COLUMN "phone_said_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "joined_conversations" ADD CONSTRAINT "joined_conversations_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "joined_conversations_conversation_id_index" ON "joined_conversations" USING btree ("conversation_id");--> statement-breakpoint
CREATE INDEX "mentions_conversation_id_index" ON "mentions" USING btree ("conversation_id");--> statement-breakpoint
CREATE INDEX "messages_author" ON "messages" USING btree ("author_contact_id") WHERE author_contact_id is not null;