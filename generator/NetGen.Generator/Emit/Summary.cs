using System.Text;
using NetGen.Generator.Inference;
using NetGen.Generator.Shapes;
using NetGen.Generator.Text;

namespace NetGen.Generator.Emit;

/// <summary>The table of layers, output shapes, parameters and multiply-adds.</summary>
internal static class Summary
{
    /// <summary>The table as text: columns padded with blanks.</summary>
    public static string Text(InferredNetwork network)
    {
        IReadOnlyList<NetworkFigures.Row> rows = NetworkFigures.Of(network);
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
        foreach (NetworkFigures.Row row in NetworkFigures.Of(network).Skip(1))
        {
            string numbers = (row.Parameters == 0 ? "" : $", {Literals.Count(row.Parameters)} parameters")
                + (row.MultiplyAdds == 0 ? "" : $", {Literals.Count(row.MultiplyAdds)} multiply-adds");
            yield return $"<item><description>{XmlText.Escape($"{row.Name}: {row.Layer} → {row.Output}{numbers}")}</description></item>";
        }
    }
}
