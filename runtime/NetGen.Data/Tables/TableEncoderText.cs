using System.Buffers;
using System.Text;
using System.Text.Json;

namespace NetGen.Data;

/// <summary>Writes and reads an encoder as JSON.</summary>
internal static class TableEncoderText
{
    private const int Version = 1;

    public static string Write(TableEncoder encoder)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("version"u8, Version);
            json.WriteStartArray("columns"u8);
            foreach (ColumnEncoding column in encoder.Columns)
                Write(json, column);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static TableEncoder Read(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            int version = json.RootElement.GetProperty("version"u8).GetInt32();
            if (version != Version)
                throw new FormatException($"Expected version {Version} of an encoder of tables, found {version}.");
            ColumnEncoding[] columns = [.. json.RootElement.GetProperty("columns"u8).EnumerateArray().Select(Read)];
            TableBuilder.Check([.. columns.Select(column => column.Column)], nameof(text));
            return new TableEncoder(columns);
        }
        catch (Exception exception)
            when (exception is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            throw new FormatException($"This is no text of an encoder of tables: {exception.Message}", exception);
        }
    }

    private static void Write(Utf8JsonWriter json, ColumnEncoding column)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, column.Column.Name);
        json.WriteString("kind"u8, column.Column.Kind.ToString());
        if (column.Column.IsNumber)
        {
            json.WriteString("scaling"u8, column.Column.Scaling.ToString());
            json.WriteString("missing"u8, column.Column.Missing.ToString());
            json.WriteNumber("centre"u8, column.Scaler.Centre);
            json.WriteNumber("scale"u8, column.Scaler.Scale);
            if (!double.IsNaN(column.Fill))
                json.WriteNumber("fill"u8, column.Fill);
        }
        else
        {
            json.WriteBoolean("ignoreUnknown"u8, column.Column.TakesUnknown);
            json.WriteStartArray("categories"u8);
            foreach (string category in column.Categories)
                json.WriteStringValue(category);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static ColumnEncoding Read(JsonElement json)
    {
        string name = json.GetProperty("name"u8).GetString() ?? throw new FormatException("A column has no name.");
        ColumnKind kind = Enumeration<ColumnKind>(json, "kind");
        if (kind is ColumnKind.Number or ColumnKind.Value)
        {
            Scaling scaling = Enumeration<Scaling>(json, "scaling");
            MissingNumber missing = Enumeration<MissingNumber>(json, "missing");
            TableColumn number = kind == ColumnKind.Number ? TableColumn.Number(name, scaling, missing) : TableColumn.Target(name, scaling);
            double centre = json.GetProperty("centre"u8).GetDouble(), scale = json.GetProperty("scale"u8).GetDouble();
            double fill = json.TryGetProperty("fill"u8, out JsonElement told) ? told.GetDouble() : double.NaN;
            if (!double.IsFinite(centre) || !double.IsFinite(scale) || scale == 0)
                throw new FormatException($"The column '{name}': expected a finite centre, and a finite scale other than 0.");
            return new ColumnEncoding(number, new ColumnScaler(centre, scale), fill, []);
        }
        string[] categories = [.. json.GetProperty("categories"u8).EnumerateArray().Select(category => category.GetString() ?? "")];
        bool ignores = json.GetProperty("ignoreUnknown"u8).GetBoolean();
        TableColumn column = kind switch
        {
            ColumnKind.OneHot => TableColumn.OneHot(name, ignores),
            ColumnKind.Index => TableColumn.Index(name),
            _ => TableColumn.ClassTarget(name),
        };
        return new ColumnEncoding(column, default, double.NaN, categories);
    }

    private static T Enumeration<T>(JsonElement json, string property)
        where T : struct, Enum
    {
        string? text = json.GetProperty(property).GetString();
        return Enum.TryParse(text, out T value) && Enum.IsDefined(value)
            ? value : throw new FormatException($"Expected one of {string.Join(", ", Enum.GetNames<T>())} for {property}, found '{text}'.");
    }
}
