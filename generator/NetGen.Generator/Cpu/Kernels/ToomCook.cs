using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// Short correlations by Toom and Cook: inputs and kernel as polynomials, evaluated at the points 0, ±a, ±b, …, ∞; there the correlation is
/// one product per point, as many as the inputs of a tile instead of outputs × taps.
/// </summary>
/// <remarks>
/// With N(a) the product of a − b over the other finite points b, kernels are evaluated as g(a) / N(a); inputs by the coefficients of
/// Π (x − b); outputs are interpolated by powers of the points. Points in pairs ±a share the even and the odd part of either sum.
/// </remarks>
/// <param name="pairs">a, b, …</param>
internal sealed class ToomCook(params double[] pairs)
{
    private readonly double[] _finite = [0, .. pairs.SelectMany(a => new[] { a, -a })];

    /// <summary>Number of points, and of inputs of a tile.</summary>
    public int Points => _finite.Length + 1;

    /// <summary>G: the kernel's value at each point, over N(a); its last coefficient at infinity. Rows: points, columns: taps.</summary>
    public double[][] KernelMatrix(int taps)
        => _finite.Select(a =>
        {
            double scale = _finite.Where(b => b != a).Aggregate(1.0, (product, b) => product * (a - b));
            return Enumerable.Range(0, taps).Select(k => Math.Pow(a, k) / scale).ToArray();
        }).Append(Enumerable.Range(0, taps).Select(k => k == taps - 1 ? 1.0 : 0.0).ToArray()).ToArray();

    /// <summary>Aᵀ: powers of the points; infinity counts for the last output. Rows: outputs, columns: points.</summary>
    public double[][] OutputMatrix(int outputs)
        => Enumerable.Range(0, outputs)
            .Select(i => _finite.Select(a => Math.Pow(a, i)).Append(i == outputs - 1 ? 1.0 : 0.0).ToArray()).ToArray();

    /// <summary>The values of a tile's inputs at all points: Bᵀ d, with the common parts taken out.</summary>
    /// <param name="inputs">The vectors' names; null for those that are zero.</param>
    /// <param name="store">The statement that stores the value of a point.</param>
    public void EmitInputValues(SourceWriter writer, VectorIsa isa, IReadOnlyList<string?> inputs, Func<int, string, string> store)
    {
        // Π (x² − b²) over the other pairs, in powers of x²: of the inputs 2, 4, … it is the even part, of 1, 3, … a times the odd part.
        for (int i = 0; i < pairs.Length; i++)
        {
            double[] others = Quadratics(pairs.Where((_, j) => j != i));
            writer.Line($"{isa.Type} even{Literals.Int(i + 1)} = {Unwrapped(Every2nd(others, 2))}, "
                + $"odd{Literals.Int(i + 1)} = {Unwrapped(Every2nd(others, 1))};");
        }
        double[] all = Quadratics(pairs);
        writer.Line(store(0, Every2nd(all, 0)));
        for (int i = 0; i < pairs.Length; i++)
        {
            string even = "even" + Literals.Int(i + 1), odd = "odd" + Literals.Int(i + 1);
            writer.Line(store(2 * i + 1, Sum(isa, [(1, even), (pairs[i], odd)])));
            writer.Line(store(2 * i + 2, Sum(isa, [(1, even), (-pairs[i], odd)])));
        }
        writer.Line(store(Points - 1, Every2nd(all, 1)));

        string Every2nd(double[] coefficients, int first)
        {
            // The monic term first, then from low to high.
            int top = coefficients.Length - 1;
            return Sum(isa, Enumerable.Range(0, coefficients.Length).Select(j => (j + top) % coefficients.Length)
                .Select(j => (coefficients[j], inputs[first + 2 * j])));
        }
    }

    /// <summary>Declares the first outputs of a tile, Aᵀ p, from the products at the points.</summary>
    /// <param name="tileOutputs">Outputs of a whole tile.</param>
    /// <param name="outputs">The variables to declare.</param>
    /// <param name="products">The vectors' names by point.</param>
    public void EmitOutputs(SourceWriter writer, VectorIsa isa, int tileOutputs, IReadOnlyList<string> outputs, Func<int, string> products)
    {
        string sum = outputs[0] + "Sum", difference = outputs[0] + "Difference";
        for (int i = 0; i < pairs.Length; i++)
        {
            string odd = outputs.Count > 1 ? $", {difference}{Literals.Int(i + 1)} = {products(2 * i + 1)} - {products(2 * i + 2)}" : "";
            writer.Line($"{isa.Type} {sum}{Literals.Int(i + 1)} = {products(2 * i + 1)} + {products(2 * i + 2)}{odd};");
        }
        for (int k = 0; k < outputs.Count; k++)
        {
            var terms = new List<(double, string?)>();
            if (k == 0)
                terms.Add((1, products(0)));
            if (k == tileOutputs - 1)
                terms.Add((1, products(Points - 1)));
            for (int i = 0; i < pairs.Length; i++)
                terms.Add((Math.Pow(pairs[i], k), (k % 2 == 0 ? sum : difference) + Literals.Int(i + 1)));
            writer.Line($"{isa.Type} {outputs[k]} = {Unwrapped(Sum(isa, terms))};");
        }
    }

    public static double[][] Transposed(double[][] matrix)
        => Enumerable.Range(0, matrix[0].Length).Select(column => matrix.Select(row => row[column]).ToArray()).ToArray();

    /// <summary>Declares vectors name0, name1, … with what lies at the addresses.</summary>
    public static void LoadAll(SourceWriter writer, VectorIsa isa, string name, int count, Func<int, string> address)
        => writer.Line($"{isa.Type} "
            + $"{string.Join(", ", Enumerable.Range(0, count).Select(k => $"{name}{Literals.Int(k)} = {isa.Load(address(k))}"))};");

    /// <summary>One statement for each row of the matrix: the sum of the vectors name0, name1, … times its coefficients.</summary>
    public static void EmitRows(SourceWriter writer, VectorIsa isa, double[][] matrix, string name, Func<int, string, string> store)
    {
        for (int row = 0; row < matrix.Length; row++)
            writer.Line(store(row, Sum(isa, matrix[row].Select((coefficient, k) => (coefficient, (string?)(name + Literals.Int(k)))))));
    }

    /// <summary>Σ coefficient · vector, fit to have a member called; vectors that are null count as zero.</summary>
    private static string Sum(VectorIsa isa, IEnumerable<(double Coefficient, string? Vector)> terms)
    {
        string sum = "";
        foreach ((double coefficient, string? vector) in terms)
        {
            if (coefficient == 0 || vector is null)
                continue;
            sum = sum.Length == 0
                ? coefficient == 1 ? vector : coefficient == -1 ? $"(-{vector})"
                    : $"({vector} * {isa.Broadcast(Literals.Float((float)coefficient))})"
                : coefficient == 1 ? $"({sum} + {vector})" : coefficient == -1
                    ? $"({sum} - {vector})" : isa.MultiplyAdd(vector, isa.Broadcast(Literals.Float((float)coefficient)), sum);
        }
        return sum.Length == 0 ? isa.Zero : sum;
    }

    /// <summary>Without the brackets around the whole.</summary>
    private static string Unwrapped(string sum)
    {
        if (sum[0] != '(')
            return sum;
        int depth = 0;
        for (int i = 0; i < sum.Length; i++)
        {
            depth += sum[i] == '(' ? 1 : sum[i] == ')' ? -1 : 0;
            if (depth == 0)
                return i == sum.Length - 1 ? sum.Substring(1, i - 1) : sum;
        }
        return sum;
    }

    /// <summary>The coefficients of Π (y − b²), from low to high.</summary>
    private static double[] Quadratics(IEnumerable<double> roots)
    {
        double[] product = [1];
        foreach (double root in roots)
        {
            var next = new double[product.Length + 1];
            for (int i = 0; i < product.Length; i++)
            {
                next[i + 1] += product[i];
                next[i] -= root * root * product[i];
            }
            product = next;
        }
        return product;
    }
}
