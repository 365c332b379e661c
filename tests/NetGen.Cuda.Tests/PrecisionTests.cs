using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Reference;
using NetGen.Generator.Cuda.Kernels;
using NetGen.Generator.Cuda.Plans;
using NetGen.Generator.Shapes;

namespace NetGen.Cuda.Tests;

/// <summary>
/// Networks whose products tensor cores compute, in the precisions that round operands: a few of each kind, since all but these products
/// is the same in each.
/// </summary>
public sealed class PrecisionTests
{
    private static readonly string[] s_goldens = ["bilstm", "encoder", "fashion_cnn", "llama", "mlp"];

    private static readonly string[] s_networks =
    [
        "in:784 linear:64 relu linear:10 ce",
        "in:100 linear:100 relu linear:100 relu linear:100 mse",
        "in:130x48 linear:64 gelu linear:48 mean:1 linear:3 ce",
        "in:16x5x5 conv:48,k3,p1 relu conv:48,k3,p1 relu conv:48,k1,g12 sigmoid conv:12,k3,p1,g6 relu conv:24,k3,g3 flatten linear:3 ce",
        "in:3x32x32 conv:64,k16,s16 relu flatten linear:3 ce",
        "in:16x4x4 conv:48,k3,p1 relu convt:48,k2,s3 bn relu convt:24,k1,g2 bn convt:8,k3,d2 bn",
        "in:9x48 mha:3,nobias,causal,window4 mse",
        "in:2x17 lstm:130,proj48 mse",
        "in@t:15,int,upto emb:13,32 enc:32,heads4,ff48,drop0 enc:32,heads2,ff20,drop0,gelu,prenorm,eps0.001 mean:1 linear:3 ce",
    ];

    private static readonly Lazy<IReadOnlyDictionary<string, InferredNetwork>> s_inferred = new(() => DeclaredNetworks.Infer(s_networks
        .Select(Parse)));

    public static TheoryData<string, string> Goldens => InEach(s_goldens);

    public static TheoryData<string, string> Networks => InEach(s_networks);

    [Theory]
    [MemberData(nameof(Goldens))]
    public void Outputs_and_gradients_agree_with_PyTorch(string golden, string precision)
    {
        GoldenTests.CheckOutputs(golden, Enum.Parse<ProductPrecision>(precision));
        GoldenTests.CheckTraining(golden, Enum.Parse<ProductPrecision>(precision));
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Outputs_and_gradients_agree_with_the_reference(string text, string precision)
    {
        Stack stack = Parse(text);
        InferredNetwork network = s_inferred.Value[stack.Name];
        Assert.NotEmpty(CudaPlan.CreateTraining(network, out _)!.PrecisionKernels);
        Assert.Null(PlanChecker.Check(stack, network, seed: 11, Enum.Parse<ProductPrecision>(precision)));
        Assert.Null(PlanChecker.CheckTraining(stack, network, seed: 13, Enum.Parse<ProductPrecision>(precision)));
    }

    /// <summary>Results have the digits of the precision, and no more: for the next finer one they are too far off.</summary>
    [Theory]
    [InlineData("TF32", "Float32")]
    [InlineData("BFloat16", "TF32")]
    public void A_precision_is_no_finer_one(string name, string finer)
    {
        const int Samples = 17, Features = 784;
        Stack stack = Parse(s_networks[0]);
        CudaPlan plan = CudaPlan.Create(s_inferred.Value[stack.Name], out _)!;
        float[][] parameters = ParameterInfo.Values(stack.Parameters, seed: 1), inputs = stack.Samples(seed: 2, count: Samples);
        float[] output = new PlanRunner(plan, stack, PlanChecker.ByName(stack, parameters), Enum.Parse<ProductPrecision>(name))
            .Run(inputs, Samples, seed: 3)[0];
        Assert.InRange(Furthest(name), 0, 1.5);
        Assert.InRange(Furthest(finer), 3, double.MaxValue);

        // In deviations that are estimated for a precision.
        double Furthest(string precision)
        {
            ReferenceInterpreter reference = PlanChecker.Reference(stack, parameters, Enum.Parse<ProductPrecision>(precision));
            return Enumerable.Range(0, Samples).Max(sample =>
            {
                Estimate expected = reference.Evaluate([inputs[0][(Features * sample)..(Features * (sample + 1))]])[0];
                float[] actual = output[(sample * expected.Length)..((sample + 1) * expected.Length)];
                return actual.Select((value, i) => Math.Abs(value - expected.Values[i]) / expected.Errors[i]).Max();
            });
        }
    }

    private static Stack Parse(string text) => Stack.Parse(text) with { Name = $"Precision{Array.IndexOf(s_networks, text)}" };

    private static TheoryData<string, string> InEach(IEnumerable<string> networks)
    {
        var data = new TheoryData<string, string>();
        foreach (string network in networks)
        {
            foreach (ProductPrecision precision in ProductPrecisions.Reduced)
                data.Add(network, precision.ToString());
        }
        return data;
    }
}
