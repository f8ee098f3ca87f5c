ALTER TABLE "conversations" DROP CONSTRAINT "conversations_channelId_contactId_unique";--> statement-breakpoint
DROP INDEX "conversations_contact_id_index";--> statement-breakpoint
DROP INDEX "events_created_at_index";--> statement-breakpoint
CREATE INDEX "events_created_at_index" ON "events" USING brin ("created_at");--> statement-breakpoint
ALTER TABLE "conversations" ADD CONSTRAINT "conversations_contactId_channelId_unique" UNIQUE("contact_id","channel_id");