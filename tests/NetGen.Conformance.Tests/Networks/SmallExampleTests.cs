using NetGen.Conformance.Tests.Harness;
using NetGen.Conformance.Tests.Model;

namespace NetGen.Conformance.Tests.Networks;

/// <summary>Examples small enough to check by hand, with the results that PyTorch gives.</summary>
public sealed class SmallExampleTests
{
    private static readonly float[] Five = [1, 2, 0, 3, 1, 0, 1, 2, 3, 1, 3, 2, 3, 1, 1, 5, 2, 3, 1, 1, 2, 1, 0, 1, 1];
    private static readonly float[] FiveChanged = [1, 2, 0, 3, 1, 0, 1, 2, 3, 1, 1, 2, 1, 0, 0, 5, 2, 3, 1, 1, 2, 1, 0, 1, 1];
    private static readonly float[] Kernel = [1, 2, 1, 0, 1, 0, 2, 1, 0];
    private static readonly float[] X = [0, 1, 2, 3, 4, 5, 6, 7, 8];
    private static readonly float[] K = [0, 1, 2, 3];
    private static readonly float[] Sixteen = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

    private static readonly (string Stack, float[][] Parameters, float[] Input, float[] Expected)[] Examples =
    [
        ("in:1x5x5 conv:1,k3,p1,nobias", [Kernel], Five,
            [1, 3, 4, 10, 8, 7, 14, 14, 17, 9, 9, 18, 18, 17, 9, 15, 17, 14, 8, 7, 14, 13, 9, 7, 4]),
        ("in:1x5x5 conv:1,k3,nobias", [Kernel], FiveChanged, [10, 12, 12, 18, 16, 16, 13, 9, 3]),
        ("in:1x5x5 conv:1,k3,s2,nobias", [Kernel], FiveChanged, [10, 12, 13, 3]),
        ("in:1x5x5 max:k3,ceil", [], FiveChanged, [2, 3, 5, 1]),
        ("in:1x5x5 max:k3", [], FiveChanged, [2]),
        ("in:1x3x3 conv:1,k2,nobias", [K], X, [19, 25, 37, 43]),
        ("in:2x3x3 conv:1,k2,nobias", [[.. K, .. Plus(K, 1)]], [.. X, .. Plus(X, 1)], [56, 72, 104, 120]),
        ("in:2x3x3 conv:3,k2,nobias", [[.. K, .. Plus(K, 1), .. Plus(K, 1), .. Plus(K, 2), .. Plus(K, 2), .. Plus(K, 3)]],
            [.. X, .. Plus(X, 1)],
            [56, 72, 104, 120, 76, 100, 148, 172, 96, 128, 192, 224]),
        ("in:1x3x3 max:k2,s1", [], X, [4, 5, 7, 8]),
        ("in:1x3x3 avg:k2,s1", [], X, [2, 3, 5, 6]),
        ("in:1x4x4 max:k3", [], Sixteen, [10]),
        ("in:1x4x4 max:k3,s2,p1", [], Sixteen, [5, 7, 13, 15]),
        ("in:1x4x4 max:k2x3,s2x3,p0x1", [], Sixteen, [5, 7, 13, 15]),
        // To where each maximum came from; of equal ones to the first.
        ("in:1x4x4 max@p:k2,indices unpool:p", [], [1, 2, 5, 5, 4, 3, 5, 1, -1, -2, 0, 0, -4, -3, 0, 0],
            [0, 0, 5, 0, 4, 0, 0, 0, -1, 0, 0, 0, 0, 0, 0, 0]),
        // Joins: rows, columns, a factor for each channel, numbers.
        ("in:1x2x2 concat:.,.,dim2", [], [1, 2, 3, 4], [1, 2, 3, 4, 1, 2, 3, 4]),
        ("in:1x2x2 concat:.,.,dim3", [], [1, 2, 3, 4], [1, 2, 1, 2, 3, 4, 3, 4]),
        ("in:2x1x2 mul[ identity | max:k1x2 ]", [], [1, 2, 3, -4], [2, 4, 9, -12]),
        ("in:3 divc:4 add:input maximumc:0 minimumc:5", [], [-1, 2, 8], [0, 2.5f, 5]),
        ("in:3 mulc:3 sub:input,.", [], [-1, 2, 8], [2, -4, -16]),
        // True convolution flips the kernel: a flipped one gives it, and so does the transposed layer, cut to where the kernel fits.
        ("in:1x3x3 conv:1,k2,nobias", [[3, 2, 1, 0]], X, [5, 11, 23, 29]),
        ("in:1x3x3 convt:1,k2,p1,nobias", [K], X, [5, 11, 23, 29]),
        // Edges: 1 where ones end, −1 where they begin again. A layer does not flip its kernel.
        ("in:1x6x8 conv:1,k1x2,nobias", [[1, -1]], Rows(6, [1, 1, 0, 0, 0, 0, 1, 1]), Rows(6, [0, 1, 0, 0, 0, -1, 0])),
        // Classical filters, on a map that is bright in its upper two rows.
        ("in:1x4x4 conv:1,k3,nobias", [[1, 1, 1, 0, 0, 0, -1, -1, -1]], [1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0], [3, 3, 3, 3]),
        ("in:1x4x4 conv:1,k3,nobias", [[1, 0, -1, 1, 0, -1, 1, 0, -1]], [1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0]),
        ("in:1x3x3 conv:1,k3,p1,nobias", [[-1, -1, -1, -1, 8, -1, -1, -1, -1]], [0, 0, 0, 0, 1, 0, 0, 0, 0],
            [-1, -1, -1, -1, 8, -1, -1, -1, -1]),
    ];

    public static TheoryData<int> Table => new(Enumerable.Range(0, Examples.Length));

    [Theory]
    [MemberData(nameof(Table))]
    public void Forward_gives_the_known_result(int example)
    {
        (string text, float[][] parameters, float[] input, float[] expected) = Examples[example];
        Stack stack = Stack.Parse(text);
        foreach (CodeForm form in CodeForm.All)
        {
            INetworkInstance net = NetworkChecker.CreateWith(CompiledNetworks.Of(stack, form.Consumer), stack, parameters);
            using ISessionAdapter session = net.CreateSession(1, new SessionOptions { VectorWidth = form });
            var output = new float[expected.Length];
            session.Forward(input, output);
            Assert.Equal(expected, output);
        }
    }

    [Fact]
    public void A_convolution_of_one_pixel_is_a_matrix_product_over_channels()
    {
        Stack stack = Stack.Parse("in:3x3x3 conv:2,k1,nobias");
        float[] input = Numbers.Uniform(1, 27), weight = Numbers.Uniform(2, 6), output = new float[18];
        INetworkInstance net = NetworkChecker.CreateWith(CompiledNetworks.Of(stack), stack, [weight]);
        using ISessionAdapter session = net.CreateSession();
        session.Forward(input, output);
        for (int o = 0; o < 2; o++)
        {
            for (int pixel = 0; pixel < 9; pixel++)
            {
                double expected = Enumerable.Range(0, 3).Sum(i => (double)weight[o * 3 + i] * input[i * 9 + pixel]);
                Assert.Equal(expected, output[o * 9 + pixel], 1e-6);
            }
        }
    }

    [Fact]
    public void Gradient_descent_learns_the_edge_kernel()
    {
        Stack stack = Stack.Parse("in:1x6x8 conv:1,k1x2,nobias");
        float[] input = Rows(6, [1, 1, 0, 0, 0, 0, 1, 1]), wanted = Rows(6, [0, 1, 0, 0, 0, -1, 0]);
        INetworkInstance net = CompiledNetworks.Of(stack).Create(1);
        using ITrainerAdapter trainer = net.CreateTrainer(1, new SGD(0.03f));
        float[] output = new float[42], gradient = new float[42];
        for (int step = 0; step < 10; step++)
        {
            trainer.Forward(input, output);
            for (int i = 0; i < output.Length; i++)
                gradient[i] = 2 * (output[i] - wanted[i]);
            trainer.BackwardFromOutput(gradient, []);
            trainer.Update();
        }
        float[] kernel = net.LayerParameters[0].ToArray();
        // Where it starts from decides how near ten steps come.
        Assert.Equal(0.99, kernel[0], 0.12);
        Assert.Equal(-0.98, kernel[1], 0.12);
    }

    private static float[] Plus(float[] values, float amount) => Array.ConvertAll(values, v => v + amount);

    private static float[] Rows(int count, float[] row) => Enumerable.Repeat(row, count).SelectMany(r => r).ToArray();
}
