from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0002_search_and_documents")]

    operations = [
        migrations.AlterField(
            model_name="publisher",
            name="skeleton",
            field=models.CharField(help_text="names.skeleton(handle): no two look alike", max_length=39, unique=True),
        ),
    ]
