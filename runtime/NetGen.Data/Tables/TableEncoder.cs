using System.Globalization;

namespace NetGen.Data;

/// <summary>
/// How rows of a table become what a network takes, learned from training rows alone: scales, what stands for missing numbers, categories.
/// It is kept as a text, beside the parameters in the model's file, so that whoever serves the model encodes as the training did.
/// </summary>
/// <example>
/// <code>
/// int[][] parts = DataSplit.Random(table.Count, seed: 1, 0.8, 0.2);
/// TableEncoder encoder = TableEncoder.Fit(table, parts[0]);
/// TableSamples train = encoder.Encode(table, parts[0]), test = encoder.Encode(table, parts[1]);
/// </code>
/// </example>
public sealed class TableEncoder
{
    /// <summary>The key under which metadata of files hold an encoder.</summary>
    public const string MetadataKey = "netgen-data.table";

    private readonly ColumnEncoding[] _columns;
    private readonly ColumnEncoding? _target;

    internal TableEncoder(ColumnEncoding[] columns)
    {
        _columns = columns;
        _target = Array.Find(columns, column => column.Column.IsTarget);
        FeatureNames = [.. columns.SelectMany(NamesOf)];
        IndexColumns = [.. from column in columns where column.Column.Kind == ColumnKind.Index select column.Column.Name];
        IndexCounts = [.. from column in columns where column.Column.Kind == ColumnKind.Index select column.Categories.Length + 1];
    }

    /// <summary>The features in their order: columns of numbers by their names, categories as <c>column=category</c>.</summary>
    public IReadOnlyList<string> FeatureNames { get; }

    /// <summary>The columns that are ints.</summary>
    public IReadOnlyList<string> IndexColumns { get; }

    /// <summary>For each of them, how many rows its <c>Embedding</c> needs: the categories and 0, which stands for others.</summary>
    public IReadOnlyList<int> IndexCounts { get; }

    /// <summary>The classes of the target by label; empty where it is a number, or there is none.</summary>
    public IReadOnlyList<string> ClassNames => _target?.Categories ?? [];

    internal IReadOnlyList<ColumnEncoding> Columns => _columns;

    /// <summary>Learns from some rows of a table. The others are not looked at.</summary>
    /// <param name="table">The table.</param>
    /// <param name="rows">The numbers of the rows that are trained on.</param>
    /// <exception cref="ArgumentException">There are no rows, or no such row, or a column has no value in any of them.</exception>
    public static TableEncoder Fit(Table table, ReadOnlySpan<int> rows)
    {
        ArgumentNullException.ThrowIfNull(table);
        CheckRows(table, rows);
        if (rows.IsEmpty)
            throw new ArgumentException("Expected at least one row to learn from.", nameof(rows));
        var columns = new ColumnEncoding[table.Columns.Count];
        for (int i = 0; i < columns.Length; i++)
            columns[i] = ColumnEncoding.Fit(table.Columns[i], table, rows);
        return new TableEncoder(columns);
    }

    /// <summary>Encodes some rows of a table.</summary>
    /// <param name="table">A table with all columns that were learned from.</param>
    /// <param name="rows">The numbers of the rows.</param>
    /// <exception cref="ArgumentException">A column is missing, or has another kind of cells, or there is no such row.</exception>
    /// <exception cref="InvalidDataException">
    /// A number is missing, or a category unknown, where that is an error; the message says in which line and column.
    /// </exception>
    public TableSamples Encode(Table table, ReadOnlySpan<int> rows)
    {
        ArgumentNullException.ThrowIfNull(table);
        CheckRows(table, rows);
        int width = FeatureNames.Count, index = 0, first = 0;
        float[] features = new float[rows.Length * width], values = [];
        int[] labels = [];
        var indices = new int[IndexColumns.Count][];
        foreach (ColumnEncoding column in _columns)
        {
            int row = 0;
            Func<string> describe = () => table.Describe(row);
            ReadOnlySpan<double> numbers = column.Column.IsNumber ? table.GetNumbers(column.Column.Name) : default;
            int[] places = column.Column.IsNumber ? [] : new int[rows.Length];
            float[] scaled = column.Column.IsNumber ? new float[rows.Length] : [];
            for (int i = 0; i < rows.Length; i++)
            {
                row = rows[i];
                if (column.Column.IsNumber)
                    scaled[i] = (float)column.Encode(numbers[row], describe);
                else
                    places[i] = column.Find(table.GetCategory(column.Column.Name, row), describe);
            }
            switch (column.Column.Kind)
            {
                case ColumnKind.Number:
                    for (int i = 0; i < rows.Length; i++)
                        features[i * width + first] = scaled[i];
                    break;
                case ColumnKind.OneHot:
                    for (int i = 0; i < rows.Length; i++)
                    {
                        if (places[i] >= 0)
                            features[i * width + first + places[i]] = 1;
                    }
                    break;
                case ColumnKind.Index:
                    for (int i = 0; i < rows.Length; i++)
                        places[i]++;
                    indices[index++] = places;
                    break;
                case ColumnKind.Value:
                    values = scaled;
                    break;
                default:
                    labels = places;
                    break;
            }
            first += column.Features;
        }
        return new TableSamples(rows.Length, features, indices, values, labels);
    }

    /// <summary>Encodes one row of texts, as a service gets them; the target is not asked for.</summary>
    /// <param name="cells">The cells by the columns' names; one that is not there, or empty, is missing.</param>
    /// <param name="features">Receives the features, as many as <see cref="FeatureNames"/>.</param>
    /// <param name="indices">Receives the ints, as many as <see cref="IndexColumns"/>.</param>
    /// <exception cref="ArgumentException">There is room for another number of features or ints.</exception>
    /// <exception cref="InvalidDataException">
    /// A cell is no finite number where one is expected, or missing, or an unknown category, where that is an error; the message names the
    /// column.
    /// </exception>
    public void Encode(IReadOnlyDictionary<string, string> cells, Span<float> features, Span<int> indices = default)
    {
        ArgumentNullException.ThrowIfNull(cells);
        if (features.Length != FeatureNames.Count)
            throw new ArgumentException($"Expected room for {FeatureNames.Count} features, got {features.Length}.", nameof(features));
        if (indices.Length != IndexColumns.Count)
            throw new ArgumentException($"Expected room for {IndexColumns.Count} ints, got {indices.Length}.", nameof(indices));
        int index = 0;
        features.Clear();
        foreach (ColumnEncoding column in _columns)
        {
            if (column.Column.IsTarget)
                continue;
            string? cell = cells.TryGetValue(column.Column.Name, out string? told) && !string.IsNullOrEmpty(told) ? told : null;
            if (column.Column.IsNumber)
                features[0] = (float)column.Encode(Parse(column, cell), static () => "the row");
            else if (column.Column.Kind == ColumnKind.Index)
                indices[index++] = column.Find(cell, static () => "the row") + 1;
            else if (column.Find(cell, static () => "the row") is >= 0 and int place)
                features[place] = 1;
            features = features[column.Features..];
        }
    }

    /// <summary>The target in the table's own unit, of what the network gives.</summary>
    /// <param name="value">An output of the network.</param>
    /// <exception cref="InvalidOperationException">There is no target that is a number.</exception>
    public double DecodeTarget(float value) => _target is { Column.IsNumber: true } target
        ? target.Scaler.Undo(value) : throw new InvalidOperationException("There is no target that is a number.");

    /// <summary>The encoder as a text, which <see cref="Parse(string)"/> reads: JSON, the same in every culture.</summary>
    public override string ToString() => TableEncoderText.Write(this);

    /// <summary>
    /// What goes into the model's file with the parameters: the encoder, which <see cref="Load"/> reads there, and the names of the
    /// target's classes, if it has classes.
    /// </summary>
    /// <example>
    /// <code>
    /// trainer.Fit(source, new FitOptions { BestPath = "flats.safetensors", BestInfo = encoder.ToModelInfo() });
    /// </code>
    /// </example>
    public ModelInfo ToModelInfo() => new()
    {
        ClassNames = ClassNames,
        Texts = new Dictionary<string, string>(StringComparer.Ordinal) { [MetadataKey] = ToString() },
    };

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="FormatException">It is none of an encoder; the message says what is wrong.</exception>
    public static TableEncoder Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TableEncoderText.Read(text);
    }

    /// <summary>Reads the encoder that a model's file has among its metadata, under <see cref="MetadataKey"/>.</summary>
    /// <param name="path">The file, or the index of several, or the folder of either.</param>
    /// <exception cref="InvalidDataException">The file has none, or what stands there is none.</exception>
    /// <exception cref="SafeTensorsException">The file is damaged.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static TableEncoder Load(string path)
    {
        if (!ModelInfo.Load(path).Texts.TryGetValue(MetadataKey, out string? text))
        {
            throw new InvalidDataException(
                $"{path}: there is no '{MetadataKey}' among its metadata, so how rows are encoded is not known.");
        }
        try
        {
            return TableEncoderText.Read(text);
        }
        catch (FormatException exception)
        {
            throw new InvalidDataException($"{path}: '{MetadataKey}': {exception.Message}", exception);
        }
    }

    private static double Parse(ColumnEncoding column, string? cell)
    {
        if (cell is null)
            return double.NaN;
        if (double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number))
            return number;
        throw new InvalidDataException($"the row, column '{column.Column.Name}': expected a finite number, found {FileText.Quote(cell)}.");
    }

    private static IEnumerable<string> NamesOf(ColumnEncoding column) => column.Column.Kind switch
    {
        ColumnKind.Number => [column.Column.Name],
        ColumnKind.OneHot => column.Categories.Select(category => $"{column.Column.Name}={category}"),
        _ => [],
    };

    private static void CheckRows(Table table, ReadOnlySpan<int> rows)
    {
        foreach (int row in rows)
        {
            if ((uint)row >= (uint)table.Count)
                throw new ArgumentException($"Expected numbers of rows from 0 to {table.Count - 1}, got {row}.", nameof(rows));
        }
    }
}
