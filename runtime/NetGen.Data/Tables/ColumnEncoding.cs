namespace NetGen.Data;

/// <summary>What a column's training rows have told: how its cells become features, ints or targets.</summary>
internal sealed class ColumnEncoding
{
    private readonly Dictionary<string, int> _places;

    public ColumnEncoding(TableColumn column, ColumnScaler scaler, double fill, string[] categories)
    {
        (Column, Scaler, Fill, Categories) = (column, scaler, fill, categories);
        _places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < categories.Length; i++)
            _places.Add(categories[i], i);
    }

    public TableColumn Column { get; }

    public ColumnScaler Scaler { get; }

    /// <summary>What stands for a missing number; NaN where that is an error.</summary>
    public double Fill { get; }

    /// <summary>The categories, sorted.</summary>
    public string[] Categories { get; }

    /// <summary>How many features it has.</summary>
    public int Features => Column.Kind switch
    {
        ColumnKind.Number => 1,
        ColumnKind.OneHot => Categories.Length,
        _ => 0,
    };

    /// <summary>Learns from some rows.</summary>
    /// <exception cref="ArgumentException">The rows have no value in the column.</exception>
    public static ColumnEncoding Fit(TableColumn column, Table table, ReadOnlySpan<int> rows)
    {
        if (column.IsNumber)
        {
            ReadOnlySpan<double> all = table.GetNumbers(column.Name);
            var values = new List<double>(rows.Length);
            foreach (int row in rows)
            {
                if (!double.IsNaN(all[row]))
                    values.Add(all[row]);
            }
            if (values.Count == 0)
                throw new ArgumentException($"{table.Name}: no row that is learned from has a number in the column '{column.Name}'.",
                    nameof(rows));
            double[] sorted = [.. values];
            var scaler = ColumnScaler.Fit(column.Scaling, sorted);
            double fill = column.Missing switch
            {
                MissingNumber.Mean => ColumnScaler.Mean(sorted),
                MissingNumber.Median => ColumnScaler.Quantile(sorted, 0.5),
                _ => double.NaN,
            };
            return new ColumnEncoding(column, scaler, fill, []);
        }
        var categories = new SortedSet<string>(StringComparer.Ordinal);
        foreach (int row in rows)
        {
            if (table.GetCategory(column.Name, row) is { } category)
                categories.Add(category);
        }
        if (categories.Count == 0)
            throw new ArgumentException($"{table.Name}: no row that is learned from has a category in the column '{column.Name}'.",
                nameof(rows));
        return new ColumnEncoding(column, default, double.NaN, [.. categories]);
    }

    /// <summary>The feature of a number, or the target.</summary>
    /// <param name="number">The number; NaN where it is missing.</param>
    /// <param name="describe">Says where it is from.</param>
    /// <exception cref="InvalidDataException">It is missing, and that is an error.</exception>
    public double Encode(double number, Func<string> describe)
    {
        if (double.IsNaN(number))
            number = Fill;
        if (double.IsNaN(number))
            throw new InvalidDataException($"{describe()}, column '{Column.Name}': the number is missing. Say what stands for it: "
                + $"{nameof(MissingNumber)}.{nameof(MissingNumber.Mean)} or {nameof(MissingNumber.Median)}.");
        return Scaler.Apply(number);
    }

    /// <summary>The place of a category among those of the training rows, from 0; −1 for others where they are taken.</summary>
    /// <exception cref="InvalidDataException">There is no such category, and that is an error.</exception>
    public int Find(string? category, Func<string> describe)
    {
        if (category is not null && _places.TryGetValue(category, out int place))
            return place;
        if (Column.TakesUnknown)
            return -1;
        throw new InvalidDataException($"{describe()}, column '{Column.Name}': "
            + (category is null ? "the category is missing" : $"the category {FileText.Quote(category)} is none of those learned")
            + $"; expected {FileText.List(Categories)}.");
    }
}
