from django.db import migrations, models


def keep_what_was_said(apps, schema_editor):
    """What older plans say stays in the language in which it was said."""
    for run in apps.get_model("judges", "AssignmentRun").objects.exclude(problem=""):
        run.failure = {"code": "said", "figures": {"text": run.problem}}
        run.save(update_fields=["failure"])


class Migration(migrations.Migration):
    dependencies = [
        ("judges", "0003_plans_are_worked_out_by_a_worker"),
    ]

    operations = [
        migrations.AddField(
            model_name="assignmentrun",
            name="failure",
            field=models.JSONField(
                blank=True,
                default=dict,
                help_text="A code and figures: the words are found in the reader's language.",
                verbose_name="why it could not be worked out",
            ),
        ),
        migrations.RunPython(keep_what_was_said, migrations.RunPython.noop),
        migrations.RemoveField(model_name="assignmentrun", name="problem"),
    ]
