namespace Some.Where
{
    public partial class Outer
    {
        private partial record struct Middle
        {
            [Network(1, 28, 28)]
            [Conv2d(1, 8, [5, 3], stride: [1, 1], padding: [2, 1], Bias = false, Name = "stem"), ReLU, MaxPool2d(2)]
            [Conv2d(16, 3, Padding = new[] { 1, 1 }), Tanh, AvgPool2d([2, 2], Stride = 2, CountIncludePad = false)]
            [Residual<Bottleneck>, Dropout2d(0.25), Flatten]
            [Linear(16 * 7 * 7, 32), GELU(Approximate = "tanh"), Dropout, Linear(10, Bias = false), GELU, Linear(10), Sigmoid, Linear(4)]
            [CrossEntropyLoss]
            internal sealed partial class @class;
        }
    }

    [Block]
    [Conv2d(16, 4, 1), ReLU, Residual<Inner>, Conv2d(4, 16, 1)]
    public static class Unused;

    [Block]
    [Conv2d(16, 4, 1), ReLU, Residual<Inner>, Conv2d(4, 16, 1)]
    public class Bottleneck;

    [Block, Conv2d(4, 4, 3, Padding = 1), Sigmoid]
    public class Inner;
}
