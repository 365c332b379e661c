using System.Text;
using NetGen.Generator.Layers;
using NetGen.Generator.Layers.Losses;
using NetGen.Generator.Shapes;
using NetGen.Generator.Text;

namespace NetGen.Generator.Emit;

/// <summary>The table of layers, output shapes, parameters and multiply-adds.</summary>
internal static class Summary
{
    public sealed record Row(string Name, string Layer, string Output, long Parameters, long MultiplyAdds);

    public static IReadOnlyList<Row> Rows(InferredNetwork network)
    {
        var rows = new List<Row> { new("input", "", network.Input.ToString(), 0, 0) };
        Add(network.Layers);
        if (network.Spec.Loss is { } loss)
            rows.Add(new Row("loss", LossRegistry.For(loss).Title(loss), "()", 0, 0));
        return rows;

        void Add(IEnumerable<InferredLayer> layers)
        {
            foreach (InferredLayer layer in layers)
            {
                rows.Add(new Row(layer.Path, LayerRegistry.For(layer.Spec).Title(layer), layer.Output.ToString(), OwnParameters(layer), OwnMultiplyAdds(layer)));
                Add(layer.Members);
            }
        }
    }

    public static long Parameters(InferredNetwork network) => Rows(network).Sum(r => r.Parameters);

    public static long MultiplyAdds(InferredNetwork network) => Rows(network).Sum(r => r.MultiplyAdds);

    private static long OwnParameters(InferredLayer layer) => (long)LayerRegistry.For(layer.Spec).CountParameters(layer);

    private static long OwnMultiplyAdds(InferredLayer layer) => LayerRegistry.For(layer.Spec).MultiplyAdds(layer);

    /// <summary>The table as text: columns padded with blanks.</summary>
    public static string Text(InferredNetwork network)
    {
        IReadOnlyList<Row> rows = Rows(network);
        var cells = new List<string[]> { new[] { "name", "layer", "output", "parameters", "multiply-adds" } };
        cells.AddRange(rows.Select(r => new[] { r.Name, r.Layer, r.Output, Number(r.Parameters), Number(r.MultiplyAdds) }));
        cells.Add(["total", "", "", Literals.Count(rows.Sum(r => r.Parameters)), Literals.Count(rows.Sum(r => r.MultiplyAdds))]);
        int[] widths = Enumerable.Range(0, 5).Select(c => cells.Max(row => row[c].Length)).ToArray();
        var text = new StringBuilder();
        for (int i = 0; i < cells.Count; i++)
        {
            if (i == 1 || i == cells.Count - 1)
                text.Append(new string('-', widths.Sum() + 8)).Append('\n');
            string line = string.Join("  ", cells[i].Select((cell, c) => c >= 3 ? cell.PadLeft(widths[c]) : cell.PadRight(widths[c])));
            text.Append(line.TrimEnd()).Append('\n');
        }
        return text.ToString();

        static string Number(long count) => count == 0 ? "" : Literals.Count(count);
    }

    /// <summary>The table as rows of an XML documentation list.</summary>
    public static IEnumerable<string> Xml(InferredNetwork network)
    {
        foreach (Row row in Rows(network).Skip(1))
        {
            string numbers = (row.Parameters == 0 ? "" : $", {Literals.Count(row.Parameters)} parameters") + (row.MultiplyAdds == 0 ? "" : $", {Literals.Count(row.MultiplyAdds)} multiply-adds");
            yield return $"<item><description>{XmlText.Escape($"{row.Name}: {row.Layer} → {row.Output}{numbers}")}</description></item>";
        }
    }
}
