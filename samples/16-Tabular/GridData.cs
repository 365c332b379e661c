using System.IO.Compression;
using NetGen.Data;

namespace NetGen.Samples;

/// <summary>The states of the grid, divided into those to learn from, to choose by, and to test on.</summary>
internal sealed class GridData
{
    private const string File = "Data_for_UCI_named.csv";

    private readonly int[][] _parts;

    private GridData(Table table, ulong seed)
    {
        Table = table;
        _parts = DataSplit.Random(table.Count, seed, 0.7, 0.15, 0.15);
        Encoder = TableEncoder.Fit(table, _parts[0]);
        Train = Encoder.Encode(table, _parts[0]);
        Validation = Encoder.Encode(table, _parts[1]);
        Test = Encoder.Encode(table, _parts[2]);
    }

    public Table Table { get; }

    /// <summary>Learned from the rows that are trained on, and from no others.</summary>
    public TableEncoder Encoder { get; }

    public TableSamples Train { get; }

    public TableSamples Validation { get; }

    public TableSamples Test { get; }

    /// <summary>The columns, as the network takes them.</summary>
    private static IEnumerable<TableColumn> Columns =>
    [
        .. from name in (string[])["tau", "p", "g"] from member in (int[])[1, 2, 3, 4] select TableColumn.Number($"{name}{member}"),
        TableColumn.Target("stab", Scaling.Standard),
    ];

    /// <summary>Reads the table that the program brings along.</summary>
    public static Table Read()
    {
        using Stream resource = typeof(GridData).Assembly.GetManifestResourceStream($"{File}.gz")!;
        using var unpacked = new GZipStream(resource, CompressionMode.Decompress);
        return CsvTable.Read(unpacked, File, Columns);
    }

    /// <summary>Divides the table by a seed.</summary>
    public static GridData Split(Table table, ulong seed) => new(table, seed);

    /// <summary>R² of predictions: the share of the targets' variance that they explain.</summary>
    public static double R2(TableSamples samples, ReadOnlySpan<float> predictions)
    {
        var score = new R2Score();
        score.Add(predictions, samples.Values, samples.Count);
        return score.Value;
    }
}
