using System.Globalization;
using NetGen;
using NetGen.Checks;
#if SIMULATOR
using NetGen.Cuda;
using NetGen.Cuda.Simulator.Driver;
#endif

// device [--simulate]: runs every network on the first GPU, or on the simulated one, and on the processor: inference and training, in each
// precision.
#if SIMULATOR
bool simulates = args is ["--simulate"];
using var driver = simulates ? new SimulatedDriver(new DriverOptions()) : null;
Device device = driver is null ? Device.Cuda() : Device.Of(new CudaPlatform(new CudaDriver(driver.GetExport)));
#else
const bool simulates = false;
Device device = Device.Cuda();
#endif
if (args.Length > 0 && !simulates)
{
    Console.Error.WriteLine("device [--simulate]; compiled ahead of time it is for a real GPU only");
    return 2;
}
if (!simulates && Device.WhyNoCuda is { } reason)
{
    Console.Error.WriteLine(reason);
    return 1;
}

int failures = 0;
foreach ((string name, Func<INetwork> create) in DeviceCheck.Networks)
{
    foreach (Precision precision in Enum.GetValues<Precision>())
    {
        try
        {
            float worst = DeviceCheck.Run(create(), device, precision, 1, 3, 17), ofLosses = DeviceCheck.Train(create, device, precision);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name,-12} {precision,-8} agrees to {worst:E1}, the losses of ten steps to {ofLosses:E1}"));
        }
        catch (Exception exception) when (exception is InvalidOperationException or CudaException)
        {
            failures++;
            Console.WriteLine($"{name,-12} {precision,-8} FAILS: {exception.Message}");
        }
    }
}
return failures == 0 ? 0 : 1;
