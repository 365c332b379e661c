using System.Globalization;
using System.Text;
using System.Text.Json;

namespace NetGen.Data.Tests;

/// <summary>Tables: what cells become, by what training rows tell alone, and what is said of cells that will not do.</summary>
public sealed class TableTests
{
    private const string Flats = """
        id,area,rooms,town,heating,price
        1,50,2,Bonn,gas,100
        2,70,3,"Ulm, old",oil,150
        3,NA,4,Bonn,gas,190
        4,90,?,Aalen,,210
        5,1000,9,Jena,coal,900
        """;

    private static readonly TableColumn[] Columns =
    [
        TableColumn.Number("area", Scaling.Standard, MissingNumber.Mean),
        TableColumn.OneHot("heating", ignoreUnknown: true),
        TableColumn.Number("rooms", Scaling.MinMax, MissingNumber.Median),
        TableColumn.Index("town"),
        TableColumn.Target("price", Scaling.MinMax),
    ];

    /// <summary>scikit-learn's numbers, of columns with outliers, without any deviation, and far from zero.</summary>
    [Fact]
    public void Scalers_are_those_of_scikit_learn()
    {
        foreach (JsonElement item in Golden.Scalers.EnumerateArray())
        {
            double[] values = Doubles(item, "values");
            foreach ((Scaling scaling, string name) in ((Scaling, string)[])
                [(Scaling.Standard, "standard"), (Scaling.MinMax, "minMax"), (Scaling.Robust, "robust")])
            {
                var scaler = ColumnScaler.Fit(scaling, [.. values]);
                foreach ((double value, double expected) in values.Zip(Doubles(item, name)))
                {
                    Assert.Equal(expected, scaler.Apply(value), 1e-8);
                    Assert.Equal(value, scaler.Undo(scaler.Apply(value)), Math.Abs(value) * 1e-12);
                }
            }
            Assert.Equal(7, ColumnScaler.Fit(Scaling.None, [.. values]).Apply(7));
        }

        static double[] Doubles(JsonElement item, string name)
            => [.. item.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];
    }

    /// <summary>Learned from the first four rows: the fifth, far away and of a town and a heating of its own, changes nothing.</summary>
    [Fact]
    public void Encoders_learn_from_the_training_rows_alone()
    {
        Table table = Read(Flats);
        Assert.Equal(5, table.Count);
        var encoder = TableEncoder.Fit(table, [0, 1, 2, 3]);
        Assert.Equal(["area", "heating=gas", "heating=oil", "rooms"], encoder.FeatureNames);
        Assert.Equal(["town"], encoder.IndexColumns);
        Assert.Equal([4], encoder.IndexCounts);
        TableSamples samples = encoder.Encode(table, [0, 1, 2, 3, 4]);

        // Areas 50, 70 and 90: mean 70, deviation √(800/3). Rooms 2 to 4, median 3. Prices 100 to 210.
        float deviation = (float)Math.Sqrt(800.0 / 3);
        float[] expected =
        [
            -20 / deviation, 1, 0, 0,
            0, 0, 1, 0.5f,
            0, 1, 0, 1,
            20 / deviation, 0, 0, 0.5f,
            930 / deviation, 0, 0, 3.5f,
        ];
        Assert.Equal(expected.Length, samples.Features.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], samples.Features[i], 1e-5f);
        // Aalen 1, Bonn 2, "Ulm, old" 3; Jena was not learned.
        Assert.Equal([2, 3, 2, 1, 0], samples.Indices[0]);
        Assert.Equal([0, 50 / 110f, 90 / 110f, 1, 800 / 110f], samples.Values);
        Assert.Empty(samples.Labels);
        Assert.Equal(210, encoder.DecodeTarget(1), 1e-9);
        Assert.Equal(900, encoder.DecodeTarget(samples.Values[4]), 1e-4);
    }

    [Fact]
    public void Rows_of_texts_are_encoded_as_those_of_the_table()
    {
        Table table = Read(Flats);
        var encoder = TableEncoder.Parse(TableEncoder.Fit(table, [0, 1, 2, 3]).ToString());
        TableSamples samples = encoder.Encode(table, [0, 1, 2, 3, 4]);
        string[][] lines = [.. Flats.Split('\n').Skip(1).Select(line => line.Replace("\"Ulm, old\"", "Ulm; old").Trim().Split(','))];
        var features = new float[4];
        var indices = new int[1];
        for (int row = 0; row < 5; row++)
        {
            var cells = new Dictionary<string, string>
            {
                ["area"] = lines[row][1] == "NA" ? "" : lines[row][1],
                ["town"] = lines[row][3].Replace(';', ','),
                ["heating"] = lines[row][4],
            };
            if (lines[row][2] != "?")
                cells["rooms"] = lines[row][2];
            encoder.Encode(cells, features, indices);
            Assert.Equal(samples.Features.AsSpan(4 * row, 4).ToArray(), features);
            Assert.Equal(samples.Indices[0][row], indices[0]);
        }
        Assert.Contains("column 'area': expected a finite number, found '5O'", Assert.Throws<InvalidDataException>(() =>
            encoder.Encode(new Dictionary<string, string> { ["area"] = "5O" }, features, indices)).Message);
        Assert.Contains("room for 4 features", Assert.Throws<ArgumentException>(() =>
            encoder.Encode(new Dictionary<string, string>(), new float[3], indices)).Message);
    }

    /// <summary>In every culture, and to the same bits.</summary>
    [Fact]
    public void Encoders_are_kept_as_texts()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("de-DE");
            Table table = Read(Flats);
            var encoder = TableEncoder.Fit(table, [0, 1, 2, 3]);
            string text = encoder.ToString();
            var read = TableEncoder.Parse(text);
            Assert.Equal(text, read.ToString());
            Assert.Equal(encoder.Encode(table, [0, 1, 2, 3, 4]).Features, read.Encode(table, [0, 1, 2, 3, 4]).Features);
            Assert.Equal(encoder.FeatureNames, read.FeatureNames);
            Assert.Equal(encoder.DecodeTarget(0.3f), read.DecodeTarget(0.3f));
            foreach (string damaged in (string[])["", "{}", "[]", text.Replace("MinMax", "Least"), text.Replace(":1,", ":2,"),
                text.Replace("\"scale\":", "\"skale\":"), text[..^3], text.Replace("\"scale\":", "\"scale\":0,\"x\":")])
                Assert.Throws<FormatException>(() => TableEncoder.Parse(damaged));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    /// <summary>A model's file has it among its metadata.</summary>
    [Fact]
    public void Encoders_are_read_from_the_files_of_models()
    {
        using var directory = new TemporaryDirectory();
        Table table = Read(Flats);
        var encoder = TableEncoder.Fit(table, [0, 1, 2, 3]);
        string text = encoder.ToString();
        (string key, string value) = Assert.Single(encoder.ToModelInfo().Texts);
        Assert.Equal((TableEncoder.MetadataKey, text), (key, value));
        Assert.Equal(text, TableEncoder.Load(Model(TableEncoder.MetadataKey, text)).ToString());
        string none = Model("other", text), damaged = Model(TableEncoder.MetadataKey, "{}");
        Assert.StartsWith($"{none}: there is no 'netgen-data.table' among its metadata",
            Assert.Throws<InvalidDataException>(() => TableEncoder.Load(none)).Message);
        Assert.StartsWith($"{damaged}: 'netgen-data.table': This is no text",
            Assert.Throws<InvalidDataException>(() => TableEncoder.Load(damaged)).Message);

        string Model(string key, string value)
        {
            byte[] header = JsonSerializer.SerializeToUtf8Bytes(
                new Dictionary<string, object> { ["__metadata__"] = new Dictionary<string, string> { [key] = value } });
            return directory.Write($"{key}.{value.Length}.safetensors", [.. BitConverter.GetBytes((long)header.Length), .. header]);
        }
    }

    [Fact]
    public void Classes_are_targets_and_batches_have_all_inputs()
    {
        Table table = Read(Flats, TableColumn.Number("price", Scaling.None), TableColumn.Index("heating"), TableColumn.ClassTarget("town"));
        var encoder = TableEncoder.Fit(table, [0, 1, 2, 3, 4]);
        Assert.Equal(["Aalen", "Bonn", "Jena", "Ulm, old"], encoder.ClassNames);
        Assert.Equal(encoder.ClassNames, encoder.ToModelInfo().ClassNames);
        TableSamples samples = encoder.Encode(table, [4, 0, 1]);
        Assert.Equal([2, 1, 3], samples.Labels);
        Assert.Throws<InvalidOperationException>(() => encoder.DecodeTarget(1));
        ArrayBatches batches = samples.Batches(2);
        batches.Start(1);
        Assert.True(batches.TryNext(out Batch batch));
        Assert.Equal((2, 2, 1), (batch.Count, batch.InputCount, batch.TargetCount));
        Assert.Equal([900, 100], batch.Input.ToArray());
        Assert.Equal([1, 2], batch.GetIntInput(1).ToArray());
        Assert.Equal([2, 1], batch.Labels.ToArray());
        Assert.True(batches.TryNext(out batch));
        Assert.Equal(1, batch.Count);
    }

    [Fact]
    public void What_is_wrong_is_said_with_file_line_and_column()
    {
        Wrong("flats.csv, line 3, column 'area': expected a finite number, found '7O'", Flats.Replace("70,", "7O,"));
        Wrong("flats.csv, line 6, column 'area': expected a finite number, found 'Infinity'", Flats.Replace("1000", "Infinity"));
        Wrong("flats.csv, line 2, column 'price': expected the target, found '', which stands for a missing one",
            Flats.Replace(",100", ","));
        Wrong("flats.csv: there is no column 'town'; the header has id, area, rooms, city, heating, price", Flats.Replace("town", "city"));
        string uneven = Assert.Throws<InvalidDataException>(() => Read(Flats.Replace(",150", ""))).Message;
        Assert.StartsWith("flats.csv, after line 2: ", uneven);

        Table table = Read(Flats);
        var strict = Read(Flats, TableColumn.Number("area"), TableColumn.OneHot("town"));
        Assert.Contains("flats.csv, line 4, column 'area': the number is missing", Assert.Throws<InvalidDataException>(() =>
            TableEncoder.Fit(strict, [0, 1]).Encode(strict, [2])).Message);
        Assert.Contains("flats.csv, line 6, column 'town': the category 'Jena' is none of those learned; expected Bonn, Ulm, old",
            Assert.Throws<InvalidDataException>(() => TableEncoder.Fit(strict, [0, 1]).Encode(strict, [4])).Message);
        Assert.Contains("no row that is learned from has a number in the column 'area'",
            Assert.Throws<ArgumentException>(() => TableEncoder.Fit(strict, [2])).Message);
        Assert.Contains("got 5", Assert.Throws<ArgumentException>(() => TableEncoder.Fit(table, [5])).Message);
        Assert.Contains("at least one row", Assert.Throws<ArgumentException>(() => TableEncoder.Fit(table, [])).Message);
        Assert.Contains("'area' is named twice", Assert.Throws<ArgumentException>(() =>
            Read(Flats, TableColumn.Number("area"), TableColumn.OneHot("area"))).Message);
        Assert.Contains("one target, got area, price", Assert.Throws<ArgumentException>(() =>
            Read(Flats, TableColumn.Target("area"), TableColumn.Target("price"))).Message);
        Assert.Throws<FileNotFoundException>(() => CsvTable.Read("no-such-file.csv", Columns));

        static void Wrong(string message, string text)
            => Assert.StartsWith(message, Assert.Throws<InvalidDataException>(() => Read(text)).Message);
    }

    [Fact]
    public void Files_with_other_separators_and_byte_order_marks_are_read()
    {
        using var directory = new TemporaryDirectory();
        string path = directory.Write("flats.tsv",
            [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes("a\tb\r\n 1.5 \t x\r\n-2e3\ty z\r\n")]);
        TableColumn[] columns = [TableColumn.OneHot("b"), TableColumn.Number("a", Scaling.None)];
        Table table = CsvTable.Read(path, columns);
        Assert.Equal([1.5, -2000], table.GetNumbers("a").ToArray());
        Assert.Equal(("x", "y z"), (table.GetCategory("b", 0), table.GetCategory("b", 1)));
        Assert.Equal($"{path}, line 3", table.Describe(1));
        Assert.Equal([0, 1], table.GetCodes("b").ToArray());
        Assert.Equal(2, CsvTable.Read(path, columns, '\t').Count);
        Assert.Throws<ArgumentException>(() => table.GetNumbers("b"));
        Assert.Throws<ArgumentException>(() => table.GetCategory("a", 0));
        Assert.Throws<ArgumentException>(() => table.GetNumbers("c"));
        Assert.Throws<ArgumentOutOfRangeException>(() => table.Describe(2));
    }

    [Fact]
    public void Tables_are_built_row_by_row()
    {
        var builder = new TableBuilder("sensors", [TableColumn.Number("x"), TableColumn.ClassTarget("y")]);
        builder.Set(0, "1", 7);
        Assert.Contains("sensors, line 7: the column 'y' was not set",
            Assert.Throws<InvalidOperationException>(() => builder.EndRow(7)).Message);
        builder.Set(1, "on", 7);
        builder.EndRow(7);
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.Set(2, "", 8));
        Table table = builder.Build();
        Assert.Equal((1, "sensors, line 7"), (table.Count, table.Describe(0)));
    }

    private static Table Read(string text, params TableColumn[] columns)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return CsvTable.Read(stream, "flats.csv", columns.Length > 0 ? columns : Columns);
    }
}
